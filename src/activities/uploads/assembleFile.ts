import { createHash } from 'node:crypto';
import { statisticsText } from '../../domain/series';
import { labelOfFile } from '../../domain/settings';
import { assembledFile, fileLimit, StoreUnavailable } from '../../store';
import type { AssembledContent, CompleteUploadOutcome, FileRow, UploadRow } from '../../store';
import type { AssembledFile, UploadRef } from '../../workflows/messages';
import { interruption, withHeartbeat } from '../heartbeats';
import { refusal } from '../failures';
import { csvObject } from '../objectNames';
import type { ParsedFile } from '../compute';
import type { ActivityServices } from '../services';
import type { Measured } from '../meter';
import { problemsOf } from './problems';
import { noticeUpload } from './notices';
import { measure, readChunks } from './readChunks';
import { storeContent } from './storeContent';
import { storeOnce } from './storeOnce';

// The sweep expires idle uploads; an assembly under way renews its activity far more often than that.
const TOUCH_MS = 60_000;

type Services = Pick<ActivityServices, 'config' | 'store' | 'emit' | 'compute' | 'log'>;

export const createAssembleFile = (services: Services) =>
  /**
   * Joins the chunks of one upload into one object and registers the file.
   * Repeating it is harmless: the object's name is the content's hash and the row is written once per (upload, generation, attempt).
   * Content that is no readable CSV is stored all the same, as an invalid file with its problems.
   * @throws (not retried) HASH_MISMATCH, SIZE_MISMATCH: the bytes differ from what the client announced, chunks are kept for repair;
   *   FILE_TOO_LARGE, PROCESSING_LIMIT_REACHED, NO_ACTIVE_SUBSCRIPTION, DUPLICATE_FILE, UPLOAD_GONE
   */
  async function assembleFile({ upload: ref }: { upload: UploadRef }): Promise<AssembledFile> {
    return withHeartbeat(async (cancelled) => {
      const { service } = services.store;
      const upload = await service.upload(ref.uploadId);
      if (!upload || upload.generation !== ref.generation) throw gone();
      if (upload.status === 'assembled') return assembledFile(await assembledRow(services, upload), []);
      if (upload.attempt !== ref.attempt) throw gone();

      const touching = setInterval(() => {
        service.touchUpload(ref.uploadId).catch(() => undefined);
      }, TOUCH_MS);
      try {
        await noticeUpload(services, ref, upload, { status: 'assembling' });
        return await assemble(services, ref, upload, cancelled);
      } catch (error) {
        throw interruption(cancelled) ?? error;
      } finally {
        clearInterval(touching);
      }
    });
  };

async function assemble(services: Services, ref: UploadRef, upload: UploadRow, cancelled: AbortSignal): Promise<AssembledFile> {
  const { config, store, compute } = services;
  const chunks = await store.service.chunks(ref.uploadId, ref.generation);
  const objects = chunks.map(({ object_path: object }) => object).filter((object) => object !== null);
  if (objects.length !== upload.total_chunks) throw gone();
  const size = chunks.reduce((sum, { size_bytes: bytes }) => sum + bytes, 0);
  if (size > fileLimit(config.MAX_FILE_BYTES, await store.service.planOf(ref.userId))) throw await tooLarge(services, ref, upload);

  const type = upload.file_type ?? 'input';
  const label = upload.bezeichnung ?? labelOfFile(upload.file_name);
  const bucket = type === 'input' ? config.BUCKET_INPUT : config.BUCKET_OUTPUT;
  const fileId = fileIdOf(upload);
  const blocks = (): AsyncGenerator<Buffer> => readChunks(store.objects, config.BUCKET_CHUNKS, objects, cancelled);
  // the object is named after its bytes: those that were not announced are read once more
  const sha256 = upload.expected_sha256?.toLowerCase() ?? (await measure(blocks())).sha256;
  const isWanted = (found: Measured): boolean =>
    found.sha256 === sha256 && (upload.expected_size === null || upload.expected_size === found.size);
  const objectPath = csvObject(ref, fileId, sha256);
  const put = storeOnce(store.objects, { bucket, path: objectPath, contentType: 'text/csv', size });
  const parse = await compute.parseStream({ fileName: upload.file_name, label, size }, cancelled);
  try {
    const { measured, parsed, stored } = await storeContent({ blocks: blocks(), size, parse, put, isWanted }, cancelled);
    if (!stored) throw await otherBytes(services, ref, upload, measured);
    const content = {
      fileId,
      type,
      bezeichnung: label,
      metadata: upload.file_metadata,
      bucket,
      objectPath,
      ...contentOf(measured, parsed),
    };
    const outcome = await store.service.completeUpload(ref, content);
    // the transaction has queued the chunks for removal: the API empties the queue behind its answer, the sweep does for the rest
    return await settle(services, ref, upload, outcome, parsed.columns);
  } finally {
    parse.abandon();
  }
}

/** Chunks that arrived at the same time can exceed the bound, the service's or the plan's, that each of them alone was checked against. */
async function tooLarge(services: Services, ref: UploadRef, upload: UploadRow): Promise<Error> {
  await services.store.service.failUpload(ref, 'failed', 'FILE_TOO_LARGE');
  await noticeUpload(services, ref, upload, { status: 'failed', errorCode: 'FILE_TOO_LARGE' });
  return refusal('FILE_TOO_LARGE', 'The file is larger than the service or the plan allows');
}

/** HASH_MISMATCH or SIZE_MISMATCH; the upload then waits for chunks with other bytes. */
async function otherBytes(services: Services, ref: UploadRef, upload: UploadRow, found: Measured): Promise<Error> {
  const wrongHash = upload.expected_sha256 !== null && upload.expected_sha256.toLowerCase() !== found.sha256;
  const wrongSize = upload.expected_size !== null && upload.expected_size !== found.size;
  // nothing was announced that could differ: storage gave others the second time
  if (!wrongHash && !wrongSize) return new StoreUnavailable('storage', 'other bytes than before');
  const code = wrongHash ? 'HASH_MISMATCH' : 'SIZE_MISMATCH';
  await services.store.service.failUpload(ref, 'hash_mismatch', code);
  await noticeUpload(services, ref, upload, { status: 'hash_mismatch', errorCode: code });
  // the hashes of the chunks are read from upload_chunks by whoever answers: a failure holds 4 KiB only
  const [expected, actual] = wrongHash ? [upload.expected_sha256, found.sha256] : [upload.expected_size, found.size];
  return refusal(code, 'The assembled file differs from what was announced', { scope: 'file', expected, actual });
}

function contentOf(
  found: Measured,
  parsed: ParsedFile,
): Omit<AssembledContent, 'fileId' | 'type' | 'bezeichnung' | 'metadata' | 'bucket' | 'objectPath'> {
  const common = { sha256: found.sha256, sizeBytes: found.size, rowCount: parsed.rowCount, separator: parsed.separator };
  return parsed.ok
    ? { ...common, columnHeader: parsed.columnHeader, valid: true, problems: [], statistics: { ...statisticsText(parsed.statistics) } }
    : { ...common, columnHeader: null, valid: false, problems: problemsOf(parsed.findings), statistics: {} };
}

async function settle(
  services: Services,
  ref: UploadRef,
  upload: UploadRow,
  done: CompleteUploadOutcome,
  columns: string[],
): Promise<AssembledFile> {
  const failed = async (code: string, message: string, details: object = {}): Promise<never> => {
    await noticeUpload(services, ref, upload, { status: 'failed', errorCode: code });
    throw refusal(code, message, details);
  };
  switch (done.outcome) {
    case 'done':
    case 'already_done': {
      if (!done.file) throw new Error('an assembled upload has no file row');
      const notice = { status: 'assembled', fileId: done.file.id, ...(done.file.sha256 !== null && { sha256: done.file.sha256 }) } as const;
      await noticeUpload(services, ref, upload, notice);
      return assembledFile(done.file, columns);
    }
    case 'limit_reached': {
      const { currentUsage = 0, limit = 0, plan = null } = done.quota ?? {};
      return failed('PROCESSING_LIMIT_REACHED', 'Processing limit reached', { current_usage: currentUsage, limit, plan });
    }
    case 'no_subscription':
      return failed('NO_ACTIVE_SUBSCRIPTION', 'No active subscription');
    case 'duplicate_file':
      return failed('DUPLICATE_FILE', 'A file of this name with other content exists');
    case 'gone':
      throw gone();
  }
}

async function assembledRow({ store }: Services, upload: UploadRow): Promise<FileRow> {
  const row = (await store.service.files(upload.session_id)).find(({ id }) => id === upload.file_id);
  if (!row) throw gone();
  return row;
}

const gone = (): Error => refusal('UPLOAD_GONE', 'The upload was discarded or began anew');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The client's id if it is a UUID; else one that every repetition of this assembly mints alike, so that no second object is stored. */
function fileIdOf(upload: UploadRow): string {
  const wanted = upload.file_metadata['id'];
  if (typeof wanted === 'string' && UUID.test(wanted.toLowerCase())) return wanted.toLowerCase();
  const hex = createHash('sha256').update(`file:${upload.id}:${upload.generation}`).digest('hex');
  // version 8 (custom) and variant bits of RFC 9562
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
