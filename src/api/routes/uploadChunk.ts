import { ApplicationFailure } from '@temporalio/common';
import type { AssembledFile, UploadRef } from '../../workflows/messages';
import { assembledFile } from '../../store';
import { createDeletions } from '../deletions';
import { ApiError } from '../errors';
import { lateSubscription, multipart } from '../middleware';
import { chunkReceived, fileAssembled } from '../presenters/upload';
import type { ApiRouter, Context, Services } from '../types';
import { createRouter } from '../types';
import type { Announcement } from '../uploads/announcement';
import { createChunkBytes } from '../uploads/chunkBytes';
import { storedColumns } from '../uploads/columns';
import { receiveChunk } from '../uploads/receiveChunk';
import type { ReceivedChunk } from '../uploads/receiveChunk';
import { createReceivingEvents } from '../uploads/receivingEvents';
import { fromWorkflowFailure } from '../workflowFailure';

// first of the hashes that help a client find the chunk it has to repair
const CHUNK_HASHES_SHOWN = 1000;

/** POST /upload-chunk (http-api route 12). */
export function uploadChunkRoutes(services: Services): ApiRouter {
  const { config, store, emit, log, workflows } = services;
  const router = createRouter();
  const bytes = createChunkBytes(store, log, {
    bucket: config.BUCKET_CHUNKS,
    ...(config.WORK_DIR === undefined ? {} : { workDir: config.WORK_DIR }),
  });
  const events = createReceivingEvents(store, emit, log);
  const deletions = createDeletions(store, log);

  router.post('/upload-chunk', lateSubscription(), multipart(config), async (ctx) => {
    const { announced, registered } = await receiveChunk(ctx, services, bytes);
    await storeConfiguration(ctx, announced, registered);
    const { session, user, mine } = ctx.state;
    const { uploadId, generation, attempt, received, totalChunks, complete, status, fileId, outcome } = registered;
    const sessionRef = session.stringId ?? session.id;

    if (status === 'assembled' && fileId !== null) {
      const file = await mine.file(fileId);
      if (file) ctx.body = fileAssembled(announced.index, registered, assembledFile(file, await storedColumns(store, file)));
      else throw new ApiError('FILE_NOT_FOUND'); // deleted meanwhile
      return;
    }
    if (complete && status === 'assembling') {
      events.completed(uploadId);
      const ref = { sessionId: session.id, sessionRef, userId: user.id, uploadId, generation, attempt };
      const file = await assemble(services, ref);
      if (file) deletions.soon(); // the chunks of the assembled file
      ctx.body = file ? fileAssembled(announced.index, registered, file) : chunkReceived(announced.index, registered);
      return;
    }
    if (outcome === 'stored') {
      const { fileName, fileType, bezeichnung } = announced;
      events.received({ sessionId: session.id, sessionRef, uploadId, fileName, fileType, bezeichnung, received, totalChunks });
    }
    ctx.body = chunkReceived(announced.index, registered);
  });

  /** @returns null when the assembly goes on longer than a request waits @throws HASH_MISMATCH, SIZE_MISMATCH, quota refusals, DUPLICATE_FILE */
  async function assemble({ log: logger }: Services, ref: UploadRef): Promise<AssembledFile | null> {
    try {
      return await workflows.assemble(ref, config.ASSEMBLY_WAIT_SECONDS * 1000);
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      logger.info({ uploadId: ref.uploadId, type: error.type }, 'assembly refused');
      const refusal = fromWorkflowFailure(error);
      if (refusal.code !== 'HASH_MISMATCH' && refusal.code !== 'SIZE_MISMATCH') throw refusal;
      throw new ApiError(refusal.code, { extra: { ...refusal.options.extra, chunkHashes: await chunkHashes(ref) } });
    }
  }

  async function chunkHashes({ uploadId, generation }: UploadRef): Promise<{ index: number; sha256: string; size: number }[]> {
    const chunks = await store.service.chunks(uploadId, generation);
    return chunks.slice(0, CHUNK_HASHES_SHOWN).map(({ chunk_index: index, sha256, size_bytes: size }) => ({ index, sha256, size }));
  }

  return router;
}

/** Configuration may come with any chunk and is stored only while the session has none, so that later edits stay (rule 10). */
async function storeConfiguration(
  { state }: Context,
  announced: Announcement,
  { outcome, received }: ReceivedChunk['registered'],
): Promise<void> {
  const { mine, session } = state;
  const { timeInfo, zeitschritte, totalFiles } = announced;
  const first = outcome === 'stored' && received === 1;
  await Promise.all([
    timeInfo && mine.initTimeInfo(session.id, timeInfo),
    zeitschritte && mine.initZeitschritte(session.id, zeitschritte),
    first && totalFiles !== null && mine.updateSession(session.id, { session_info: { totalFiles } }),
  ]);
}
