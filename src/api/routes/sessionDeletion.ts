import { sessionRoom } from '../../realtime';
import { createDeletions } from '../deletions';
import { ApiError } from '../errors';
import { jobInProgress } from '../jobs';
import { Forcible, isForced, ownSession, validate } from '../middleware';
import { allSessionsDeleted, sessionDeleted } from '../presenters/deletion';
import { confirmed, isForcedAll } from '../sessions/confirmation';
import { stopActiveJob, stopAllJobs } from '../sessions/stopJob';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

/** Rows go in one transaction, objects right after it; what storage refuses is retried by the clean-up (`warnings`). */
export function sessionDeletionRoutes(services: Services): ApiRouter {
  const { config, store, emit, log } = services;
  const deletions = createDeletions(store, log);
  const router = createRouter();

  router.post('/session/:session_id/delete', validate(Forcible, config), ownSession(), async (ctx) => {
    const { mine, session } = ctx.state;
    if (isForced(ctx)) await stopActiveJob(services, ctx.state, session.id);
    const { found, activeJob } = await mine.deleteSession(session.id);
    if (!found) throw new ApiError('SESSION_NOT_FOUND'); // deleted meanwhile
    if (activeJob) throw jobInProgress(activeJob.job, activeJob.workflow_id, activeJob.status, activeJob.overall_progress);
    const warnings = await deletions.now();
    await closeRoom(session.id, session.stringId);
    ctx.body = sessionDeleted(session, warnings);
  });

  router.post('/delete-all-sessions', confirmed(config), async (ctx) => {
    const { mine } = ctx.state;
    if (isForcedAll(ctx)) await stopAllJobs(services, ctx.state);
    const deleted = await mine.deleteAllSessions();
    const { activeJob } = deleted;
    if (activeJob) throw jobInProgress(activeJob.job, activeJob.workflow_id, activeJob.status, activeJob.overall_progress);
    const warnings = await deletions.now();
    for (const { sessionId, stringId } of deleted.sessions) await closeRoom(sessionId, stringId);
    ctx.body = allSessionsDeleted(deleted, warnings);
  });

  const closeRoom = (sessionId: string, stringId: string | null): Promise<void> =>
    emit(sessionRoom(sessionId), 'session_deleted', {
      session_id: stringId ?? sessionId,
      session_uuid: sessionId,
      timestamp: new Date().toISOString(),
    });

  return router;
}
