import { z } from 'zod';
import { CONFIG_CODES, configFields } from '../drafts';
import { ApiError } from '../errors';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { fileStatus, uploadGaps, uploadStatus } from '../presenters/upload';
import type { ApiRouter, Context, Services } from '../types';
import { createRouter } from '../types';
import { filesWithoutUpload, isDiscarded, isUnfinished, repeatAssemblies } from '../uploads/state';

const Finalize = requestSchema({ body: z.object(configFields), codes: CONFIG_CODES });

// 10 of 100 are kept for the step from "all received" to "finalized"
const RECEIVED_SHARE = 90;
const CONFIGURED_PERCENT = 5;
// sums of shares such as 7/10 fall short of the whole percent they mean by some 1e-14
const ROUNDING = 1e-9;

/** The end of a session's uploads, and how far they are. */
export function finalizeRoutes(services: Services): ApiRouter {
  const router = createRouter();

  router.post('/finalize-session', validate(Finalize, services.config), ownSession(), async (ctx) => {
    const { session, user, mine } = ctx.state;
    const { timeInfo, zeitschritte } = input(ctx, Finalize).body;

    const unfinished = (await mine.uploads(session.id)).filter(isUnfinished);
    if (unfinished.length > 0) {
      repeatAssemblies(services, ctx.state, unfinished);
      throw new ApiError('UPLOAD_INCOMPLETE', { extra: { uploads: unfinished.map(uploadGaps) } });
    }
    const done = await services.workflows.finalize({
      sessionId: session.id,
      sessionRef: session.stringId ?? session.id,
      userId: user.id,
      timeInfo: timeInfo && { ...timeInfo },
      zeitschritte: zeitschritte && { ...zeitschritte },
    });
    ctx.body = {
      success: true,
      message: `Session ${session.ref} finalized successfully`,
      sessionId: session.ref,
      n_dat: done.nDat,
      file_count: done.fileCount,
      n_dat_source: done.nDatSource,
      sessionUuid: session.id,
      finalizationTime: done.finalizationTime,
    };
  });

  router.get('/session-status/:session_id', ownSession(), async (ctx) => {
    const { finalized, files, totalFiles, configured } = await uploadState(ctx, services);
    const total = Math.max(files.length, totalFiles);
    const assembled = files.filter((file) => file.assembled).length;
    const received = files.reduce((sum, file) => sum + file.received / file.totalChunks, 0);

    const state = finalized
      ? { status: 'completed', progress: 100, message: 'Session finalized' }
      : files.length > 0
        ? {
            status: 'processing',
            progress: Math.floor((RECEIVED_SHARE * received) / total + ROUNDING),
            message: `Uploading files: ${assembled}/${total}`,
          }
        : configured
          ? { status: 'pending', progress: CONFIGURED_PERCENT, message: 'Configuration saved, no files yet' }
          : { status: 'pending', progress: 0, message: 'No files yet' };
    ctx.body = { success: true, session_id: ctx.state.session.ref, ...state, finalized, files };
  });

  return router;
}

async function uploadState(ctx: Context, services: Services) {
  const { mine, session } = ctx.state;
  const [row, uploads, files, timeInfo, zeitschritte] = await Promise.all([
    mine.session(session.id),
    mine.uploads(session.id),
    mine.files(session.id),
    mine.timeInfo(session.id),
    mine.zeitschritte(session.id),
  ]);
  if (!row) throw new ApiError('SESSION_NOT_FOUND'); // deleted meanwhile
  repeatAssemblies(services, ctx.state, uploads);
  const current = uploads.filter((upload) => !isDiscarded(upload));
  const announced = Number(row.session_info['totalFiles']);
  return {
    finalized: row.finalized,
    files: [...current.map(uploadStatus), ...filesWithoutUpload(files, current).map(fileStatus)],
    totalFiles: Number.isInteger(announced) ? announced : 0,
    configured: timeInfo !== null || zeitschritte !== null,
  };
}
