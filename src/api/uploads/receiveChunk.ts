import { fileLimit } from '../../store';
import type { RegisterChunkOutcome } from '../../store/types';
import { ApiError } from '../errors';
import { requirePlan } from '../middleware';
import type { Context, Services } from '../types';
import { admit, refuseOversize } from './admission';
import { CHUNK_FORM, readAnnouncement } from './announcement';
import type { Announcement } from './announcement';
import type { ChunkBytes, Owner, StoredChunk } from './chunkBytes';
import { readFileForm } from './form';
import { receiveBytes } from './incoming';
import { wasPosted } from './postedFile';

export interface ReceivedChunk {
  announced: Announcement;
  registered: RegisterChunkOutcome & { uploadId: string };
}

/**
 * Takes one chunk from the request to its row: the bytes are durable before the row exists, and a request that is refused or broken off
 * leaves neither (http-api route 12). @throws the refusals of rules 1 to 4, 7, 9 and 12
 */
export async function receiveChunk(ctx: Context, { config, store }: Services, bytes: ChunkBytes): Promise<ReceivedChunk> {
  const maxBytes = config.MAX_FILE_BYTES;
  let limit = maxBytes;
  const limitNow = (): number => limit;
  const admitted = async (announced: Announcement): Promise<Owner> => {
    await admit(ctx, announced, maxBytes);
    limit = fileLimit(maxBytes, ctx.state.plan);
    return { userId: ctx.state.user.id, sessionId: ctx.state.session.id };
  };

  return receiveBytes(bytes, ctx.state.user.id, limitNow, async (incoming) => {
    const form = await readFileForm(ctx.req, CHUNK_FORM, config.MAX_REQUEST_BYTES, async (source, fields) => {
      // without metadata nothing is known about these bytes yet but who sends them
      if (fields.metadata === undefined) return incoming.spool(source, requirePlan(ctx));
      await incoming.store(source, admitted(readAnnouncement(fields)));
    });
    if (!form.file) throw new ApiError('MISSING_FILE', { error: 'No chunk in request' });
    if (form.file.name === '') throw new ApiError('MISSING_FILE', { error: 'No chunk file selected' });
    const announced = readAnnouncement(form.fields);
    if (incoming.waiting) await incoming.storeWaiting(await admitted(announced));
    const stored = await incoming.stored();
    if (!stored || stored.size === 0) throw new ApiError('MISSING_FILE', { error: 'The chunk is empty' });
    refuseOtherHash(announced, stored);
    await refuseOversize(ctx, announced, stored.size, { file: limit, chunk: config.MAX_REQUEST_BYTES });

    const registered = await store.service.registerChunk({
      sessionId: ctx.state.session.id,
      fileName: announced.fileName,
      type: announced.fileType,
      bezeichnung: announced.bezeichnung,
      totalChunks: announced.total,
      index: announced.index,
      size: stored.size,
      sha256: stored.sha256,
      objectPath: stored.objectPath,
      expectedSha256: announced.fileHash,
      expectedSize: announced.fileSize,
      metadata: announced.fileMetadata,
    });
    incoming.handOver();
    // to whoever posted the file in one request there are no chunks to conflict with (rule 9)
    if (registered.outcome === 'chunk_conflict' && (await isPostedFile(store, registered))) throw new ApiError('DUPLICATE_FILE');
    return { announced, registered: accepted(registered, announced) };
  });
}

function refuseOtherHash({ chunkHash, index }: Announcement, { sha256 }: StoredChunk): void {
  if (chunkHash === null || chunkHash === sha256) return;
  throw new ApiError('HASH_MISMATCH', { extra: { scope: 'chunk', chunkIndex: index, expected: chunkHash, actual: sha256 } });
}

async function isPostedFile({ service }: Services['store'], { uploadId, status }: RegisterChunkOutcome): Promise<boolean> {
  if (uploadId === null || status !== 'assembled') return false;
  return wasPosted(await service.upload(uploadId));
}

/** @throws what the row refused: rules 2, 3, 4 and 12 */
function accepted(registered: RegisterChunkOutcome, { index }: Announcement): ReceivedChunk['registered'] {
  const { outcome, uploadId, status } = registered;
  switch (outcome) {
    case 'stored':
    case 'duplicate':
    case 'replaced':
      if (uploadId === null) throw new Error('a stored chunk belongs to an upload');
      return { ...registered, uploadId };
    case 'chunk_conflict':
      throw new ApiError('CHUNK_CONFLICT', { extra: { chunkIndex: index } });
    case 'upload_conflict':
      throw new ApiError('UPLOAD_CONFLICT', { error: 'totalChunks, fileHash or fileSize contradict what is known about this upload' });
    case 'ambiguous':
      throw new ApiError('BAD_REQUEST', { error: 'Several uploads have this name; say which by bezeichnung', field: 'bezeichnung' });
    case 'gone':
      if (uploadId === null) throw new ApiError('SESSION_NOT_FOUND'); // deleted meanwhile
      throw new ApiError(status === 'cancelled' ? 'UPLOAD_CANCELLED' : 'UPLOAD_EXPIRED');
  }
}
