import { z } from 'zod';
import { sessionRoom } from '../../realtime';
import { createDeletions } from '../deletions';
import { CONFIG_CODES, configFields } from '../drafts';
import { ApiError } from '../errors';
import { formatCursor, parseCursor } from '../http/cursor';
import { INVALID, lenientBoolean, lenientInteger } from '../http/lenient';
import { queryText } from '../http/query';
import { jobInProgress } from '../jobs';
import { bodySessionRef, input, ownSession, rawBody, requestSchema, validate } from '../middleware';
import { listedSession, wholeSession } from '../presenters/session';
import { stopActiveJob } from '../sessions/stopJob';
import type { ApiRouter, Context, Services } from '../types';
import { createRouter } from '../types';

const InitSession = requestSchema({ body: z.object(configFields), codes: CONFIG_CODES });

const ListSessions = requestSchema({
  query: z.object({
    limit: queryText,
    before: queryText.transform((text, ctx) => {
      if (text === undefined || text === '') return null;
      const cursor = parseCursor(text);
      if (cursor) return cursor;
      ctx.addIssue({ code: 'custom', message: 'before must be a next_before of an earlier page, or an ISO time' });
      return z.NEVER;
    }),
  }),
});

const force = z
  .unknown()
  .optional()
  .transform((value) => lenientBoolean(value) === true);
const DeleteSession = requestSchema({ body: z.object({ force }), query: z.object({ force }), bodyOptional: true });

export function sessionRoutes(services: Services): ApiRouter {
  const { config, store, emit } = services;
  const deletions = createDeletions(store, services.log);
  const router = createRouter();

  router.post('/init-session', validate(InitSession, config), async (ctx) => {
    const { ref, key } = bodySessionRef(rawBody(ctx), 'Missing session ID');
    const { timeInfo, zeitschritte } = input(ctx, InitSession).body;
    const session = await ctx.state.mine.createSession({
      ref: key,
      name: null,
      timeInfo: timeInfo && { ...timeInfo },
      zeitschritte: zeitschritte && { ...zeitschritte },
    });
    if (!session.owned) throw new ApiError('FORBIDDEN');
    ctx.body = {
      success: true,
      sessionId: ref,
      message: `Session ${ref} initialized successfully`,
      sessionUuid: session.sessionId,
      created: session.created,
    };
  });

  router.get('/list-sessions', validate(ListSessions, config), async (ctx) => {
    const { limit: wanted, before } = input(ctx, ListSessions).query;
    const limit = pageSize(wanted, config.MAX_SESSIONS_TO_RETURN);
    const page = { limit, beforeTime: before?.time ?? null, beforeId: before?.id ?? null };
    // one row more tells whether there is another page
    const { rows, totalCount } = await ctx.state.mine.listSessions({ ...page, limit: limit + 1 });
    const sessions = rows.slice(0, limit);
    const last = rows.length > limit ? sessions.at(-1) : undefined;
    ctx.body = {
      success: true,
      sessions: sessions.map(listedSession),
      total_count: totalCount,
      returned: sessions.length,
      next_before: last ? formatCursor(last.createdAt, last.sessionUuid) : null,
    };
  });

  router.get('/session/:session_id/database', ownSession(), async (ctx) => {
    const { mine, session: own } = ctx.state;
    const [session, files, timeInfo, zeitschritte] = await Promise.all([
      mine.session(own.id),
      mine.files(own.id),
      mine.timeInfo(own.id),
      mine.zeitschritte(own.id),
    ]);
    if (!session) throw new ApiError('SESSION_NOT_FOUND'); // deleted meanwhile
    ctx.body = { success: true, session: wholeSession(own, { session, files, timeInfo, zeitschritte }) };
  });

  router.post('/session/:session_id/delete', validate(DeleteSession, config), ownSession(), async (ctx) => {
    const { session } = ctx.state;
    await deleteSession(ctx, services);
    const warnings = await deletions.now();
    const timestamp = new Date().toISOString();
    await emit(sessionRoom(session.id), 'session_deleted', {
      session_id: session.stringId ?? session.id,
      session_uuid: session.id,
      timestamp,
    });
    ctx.body = {
      success: true,
      message: `Session ${session.ref} deleted successfully`,
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  });

  return router;
}

/** The rows of the session, with `force` after its job has been ended. @throws TRAINING_IN_PROGRESS, DATASET_IN_PROGRESS, SESSION_NOT_FOUND */
async function deleteSession(ctx: Context, services: Services): Promise<void> {
  const { mine, session } = ctx.state;
  const { body, query } = input(ctx, DeleteSession);
  if (body.force || query.force) await stopActiveJob(services, ctx.state, session.id);
  const outcome = await mine.deleteSession(session.id);
  if (!outcome.found) throw new ApiError('SESSION_NOT_FOUND');
  const { activeJob } = outcome;
  if (activeJob) throw jobInProgress(activeJob.job, activeJob.workflow_id, activeJob.status, activeJob.overall_progress);
}

/** Unreadable or absent: the most; outside: the nearest allowed. */
function pageSize(wanted: string | undefined, most: number): number {
  const number = lenientInteger(wanted);
  return number === null || number === INVALID ? most : Math.min(most, Math.max(1, number));
}
