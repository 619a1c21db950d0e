import { z } from 'zod';
import { CONFIG_CODES, configFields, readSessionName } from '../drafts';
import { ApiError } from '../errors';
import { formatCursor, parseCursor } from '../http/cursor';
import { INVALID, lenientInteger } from '../http/lenient';
import { queryText } from '../http/query';
import { bodySessionRef, input, ownSession, rawBody, requestSchema, validate } from '../middleware';
import { databaseSession, listedSession, sessionUuid, uploadView, wholeSession } from '../presenters/session';
import type { WholeSession } from '../presenters/session';
import type { ApiRouter, Context, Services } from '../types';
import { createRouter } from '../types';
import { isUnfinished } from '../uploads/state';

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

const NO_ID = 'sessionId is required';

/** A name that is not given leaves the stored one. */
const CreateDatabaseSession = requestSchema({
  body: z.object({
    sessionName: z
      .unknown()
      .optional()
      .transform((sent, ctx) => (sent === undefined || sent === null || sent === '' ? null : sessionName(sent, ctx))),
  }),
});

const ChangeName = requestSchema({
  body: z.record(z.string(), z.unknown()).transform((sent, ctx) => {
    const { sessionId, session_id: alias } = sent;
    if (Object.keys(sent).length === 0) ctx.addIssue({ code: 'custom', message: 'No data provided' });
    else if (!sessionId && !alias) ctx.addIssue({ code: 'custom', path: ['sessionId'], message: NO_ID });
    return sessionName(sent['sessionName'], ctx, ['sessionName']);
  }),
});

function sessionName(sent: unknown, ctx: z.RefinementCtx, path: string[] = []): string {
  const read = readSessionName(sent);
  if ('name' in read) return read.name;
  ctx.addIssue({ code: 'custom', path, message: read.refused, params: { code: 'INVALID_SESSION_NAME' } });
  return z.NEVER;
}

export function sessionRoutes({ config }: Services): ApiRouter {
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

  router.post('/create-database-session', validate(CreateDatabaseSession, config), async (ctx) => {
    const { key } = bodySessionRef(rawBody(ctx), 'Missing session ID');
    const { sessionName: name } = input(ctx, CreateDatabaseSession).body;
    const session = await ctx.state.mine.createSession({ ref: key, name, timeInfo: null, zeitschritte: null });
    if (!session.owned) throw new ApiError('FORBIDDEN');
    ctx.body = databaseSession(session);
  });

  router.get('/get-session-uuid/:session_id', ownSession(), (ctx) => {
    ctx.body = sessionUuid(ctx.state.session);
  });

  router.post('/session-name-change', validate(ChangeName, config), ownSession({ missing: NO_ID }), async (ctx) => {
    const { mine, session } = ctx.state;
    const name = input(ctx, ChangeName).body;
    await mine.updateSession(session.id, { session_name: name });
    ctx.body = { success: true, data: { sessionId: session.ref, sessionName: name }, message: 'Session name updated successfully' };
  });

  router.get('/session/:session_id', ownSession(), async (ctx) => {
    const { mine, session } = ctx.state;
    const [whole, uploads] = await Promise.all([readWhole(ctx), mine.uploads(session.id)]);
    ctx.body = { success: true, session: uploadView(session, whole, uploads.filter(isUnfinished)) };
  });

  router.get('/session/:session_id/database', ownSession(), async (ctx) => {
    ctx.body = { success: true, session: wholeSession(ctx.state.session, await readWhole(ctx)) };
  });

  return router;
}

/** @throws SESSION_NOT_FOUND when it was deleted meanwhile */
async function readWhole({ state: { mine, session: own } }: Context): Promise<WholeSession> {
  const [session, files, timeInfo, zeitschritte] = await Promise.all([
    mine.session(own.id),
    mine.files(own.id),
    mine.timeInfo(own.id),
    mine.zeitschritte(own.id),
  ]);
  if (!session) throw new ApiError('SESSION_NOT_FOUND');
  return { session, files, timeInfo, zeitschritte };
}

/** Unreadable or absent: the most; outside: the nearest allowed. */
function pageSize(wanted: string | undefined, most: number): number {
  const number = lenientInteger(wanted);
  return number === null || number === INVALID ? most : Math.min(most, Math.max(1, number));
}
