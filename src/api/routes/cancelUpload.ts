import { z } from 'zod';
import { sessionRoom, uploadProgress, uploadRoom } from '../../realtime';
import type { FileType, UploadRow } from '../../store';
import { createDeletions } from '../deletions';
import { fileFieldCode, readFileFields } from '../drafts';
import { ApiError } from '../errors';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { uploadCancelled } from '../presenters/upload';
import type { ApiRouter, OwnSession, Services } from '../types';
import { createRouter } from '../types';
import { uploadFacts } from '../uploads/facts';

const CancelUpload = requestSchema({
  body: z.record(z.string(), z.unknown()).transform((sent, ctx) => {
    const { fileName, fileType, bezeichnung } = sent;
    if (fileName === undefined || fileName === null || fileName === '') {
      ctx.addIssue({ code: 'custom', path: ['fileName'], message: 'fileName is required' });
      return z.NEVER;
    }
    const key = readFileFields({ fileName, fileType, bezeichnung }, ([field = ''], message) =>
      ctx.addIssue({ code: 'custom', path: [field], message, params: { code: fileFieldCode(field) } }),
    );
    return { fileName: key.file_name ?? '', type: (key.type ?? null) as FileType | null, bezeichnung: key.bezeichnung ?? null };
  }),
});

/** POST /cancel-upload: gives an upload up; chunks still under way get 410 (http-api D). */
export function cancelUploadRoutes(services: Services): ApiRouter {
  const { config, store, emit, log } = services;
  const deletions = createDeletions(store, log);
  const router = createRouter();

  router.post('/cancel-upload/:session_id', validate(CancelUpload, config), ownSession(), async (ctx) => {
    const { mine, session } = ctx.state;
    const key = input(ctx, CancelUpload).body;
    const done = await mine.cancelUpload({ sessionId: session.id, ...key });
    if (done.outcome === 'already_assembled') throw new ApiError('UPLOAD_ALREADY_ASSEMBLED');
    if (done.outcome === 'ambiguous') {
      throw new ApiError('BAD_REQUEST', { error: 'Several uploads have this name; say which by bezeichnung', field: 'bezeichnung' });
    }
    if (done.upload) await announce(session, done.upload);
    deletions.soon(); // the chunks
    ctx.body = uploadCancelled(key.fileName, done);
  });

  async function announce(session: OwnSession, upload: UploadRow): Promise<void> {
    const seq = await store.service.nextUploadSeq(upload.id);
    const facts = { ...uploadFacts(session, upload), status: 'cancelled' };
    await emit([sessionRoom(session.id), uploadRoom(upload.id)], 'upload_progress', uploadProgress(facts, seq, new Date()));
  }

  return router;
}
