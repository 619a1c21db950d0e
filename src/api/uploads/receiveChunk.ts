import type { Readable } from 'node:stream';
import type { RegisterChunkOutcome } from '../../store/types';
import { StoreUnavailable } from '../../store';
import { ApiError } from '../errors';
import type { Context, Services } from '../types';
import { admit, fileLimit, refuseOversize } from './admission';
import { readAnnouncement } from './announcement';
import type { Announcement } from './announcement';
import type { ChunkBytes, SpooledChunk, StoredChunk } from './chunkBytes';
import { readChunkForm } from './form';
import type { FormFields } from './form';

export interface ReceivedChunk {
  announced: Announcement;
  registered: RegisterChunkOutcome & { uploadId: string };
}

/** Kept beside the reading of the form: a request may fail while they still run. */
interface Steps {
  spooling: Promise<SpooledChunk> | null;
  storing: Promise<StoredChunk> | null;
}

/**
 * Takes one chunk from the request to its row: the bytes are durable before the row exists, and a request that is refused or broken off
 * leaves neither (http-api route 12). @throws the refusals of rules 1 to 4, 7 and 12
 */
export async function receiveChunk(ctx: Context, { config, store }: Services, bytes: ChunkBytes): Promise<ReceivedChunk> {
  const limit = fileLimit(config.MAX_FILE_BYTES, ctx.state.plan);
  const steps: Steps = { spooling: null, storing: null };

  const storeBytes = (source: Readable): Promise<StoredChunk> =>
    (steps.storing = bytes.store(source, { userId: ctx.state.user.id, sessionId: ctx.state.session.id }, limit));

  const takeChunk = async (source: Readable, fields: Readonly<FormFields>): Promise<void> => {
    if (fields.metadata === undefined) {
      // nothing is known about these bytes yet: they wait in a temporary file
      await (steps.spooling = bytes.spool(source, limit));
    } else {
      await admit(ctx, readAnnouncement(fields), limit);
      await storeBytes(source);
    }
  };

  try {
    const form = await readChunkForm(ctx.req, config.MAX_REQUEST_BYTES, takeChunk);
    if (!form.chunk) throw new ApiError('MISSING_FILE', { error: 'No chunk in request' });
    const announced = readAnnouncement(form.fields);
    const spooled = await steps.spooling;
    if (spooled) {
      await admit(ctx, announced, limit);
      await storeBytes(spooled.open());
    }
    const stored = await steps.storing;
    if (!stored || stored.size === 0) {
      throw new ApiError('MISSING_FILE', { error: form.chunk.selected ? 'The chunk is empty' : 'No chunk file selected' });
    }
    refuseOtherHash(announced, stored);
    await refuseOversize(ctx, announced, stored.size, limit);

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
    steps.storing = null; // from here on the database decides about the object: a losing one is queued there
    return { announced, registered: accepted(registered, announced) };
  } catch (error) {
    // an answer of the database that was lost may have been "stored": that object stays, the sweep knows whether a row names it
    const uncertain = error instanceof StoreUnavailable && error.part === 'database';
    const stored = uncertain ? null : await settled(steps.storing);
    if (stored) await bytes.discard(stored.objectPath, ctx.state.user.id);
    throw error;
  } finally {
    await (await settled(steps.spooling))?.remove();
  }
}

/** Result of a step that may still be running although the request has failed. */
const settled = async <T>(step: Promise<T> | null): Promise<T | null> => (step ? step.catch(() => null) : null);

function refuseOtherHash({ chunkHash, index }: Announcement, { sha256 }: StoredChunk): void {
  if (chunkHash === null || chunkHash === sha256) return;
  throw new ApiError('HASH_MISMATCH', { extra: { scope: 'chunk', chunkIndex: index, expected: chunkHash, actual: sha256 } });
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
