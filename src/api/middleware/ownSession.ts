import { ApiError } from '../errors';
import type { JsonBody } from '../http/body';
import { parseSessionRef, parseUuid } from '../http/ids';
import type { SessionRef } from '../http/ids';
import type { ResolvedSession, UserStore } from '../../store';
import type { Context, Guard, OwnFile, OwnSession, State } from '../types';
import { declared } from './declared';
import { rawBody } from './validate';

/**
 * Gate 8: the session of the path, or of the body's `sessionId`/`session_id`, must exist (404) and be the caller's (403).
 * The syntax is decided first (400), before any database access. With `recent` the answer may be half a second old.
 */
export function ownSession({ missing = 'Missing session ID', recent = false }: { missing?: string; recent?: boolean } = {}): Guard {
  return declared({ refuses: ['BAD_UUID', 'SESSION_NOT_FOUND', 'FORBIDDEN'], session: true }, async (ctx, next) => {
    const ref = pathSessionRef(ctx) ?? bodySessionRef(rawBody(ctx), missing);
    const { state } = ctx;
    state.session = await resolveOwnSession(recent ? { mine: state.recent } : state, ref);
    state.log = state.log.child({ sessionId: state.session.id });
    await next();
  });
}

/** The same for the file of the path; a file belongs to the owner of its session. */
export function ownFile(): Guard {
  return declared({ refuses: ['BAD_UUID', 'FILE_NOT_FOUND', 'FORBIDDEN'] }, async (ctx, next) => {
    const id = parseUuid(ctx.params['file_id']);
    if (id === null) throw new ApiError('BAD_UUID', { error: 'Invalid file id' });
    ctx.state.file = await resolveOwnFile(ctx.state, id);
    ctx.state.log = ctx.state.log.child({ fileId: id, sessionId: ctx.state.file.sessionId });
    await next();
  });
}

/** @throws SESSION_NOT_FOUND, FORBIDDEN */
export async function resolveOwnSession(
  { mine }: { mine: Pick<UserStore, 'resolveSession'> },
  { ref, key }: SessionRef,
): Promise<OwnSession> {
  return ownedSession(await mine.resolveSession(key), ref);
}

/** @throws SESSION_NOT_FOUND, FORBIDDEN */
export function ownedSession(found: ResolvedSession | null, ref: string): OwnSession {
  if (!found) throw new ApiError('SESSION_NOT_FOUND');
  if (!found.owned) throw new ApiError('FORBIDDEN');
  return { id: found.sessionId, stringId: found.stringId, ref };
}

async function resolveOwnFile({ mine }: Pick<State, 'mine'>, id: string): Promise<OwnFile> {
  const found = await mine.resolveFile(id);
  if (!found) throw new ApiError('FILE_NOT_FOUND');
  if (!found.owned) throw new ApiError('FORBIDDEN');
  return { id: found.fileId, sessionId: found.sessionId };
}

function pathSessionRef(ctx: Context): SessionRef | null {
  const sent: unknown = ctx.params['session_id'];
  return sent === undefined ? null : sessionRef(sent);
}

/** Session key of a body in either spelling. @throws BAD_REQUEST (missing, or both present and different), BAD_UUID */
export function bodySessionRef(body: JsonBody, missing: string): SessionRef {
  const given = [body['sessionId'], body['session_id']].filter((value) => value !== undefined && value !== null && value !== '');
  const [first, second] = given;
  if (first === undefined) throw new ApiError('BAD_REQUEST', { error: missing, field: 'sessionId' });
  const ref = sessionRef(first);
  if (second !== undefined && parseSessionRef(second)?.key !== ref.key) {
    throw new ApiError('BAD_REQUEST', { error: 'sessionId and session_id differ', field: 'session_id' });
  }
  return ref;
}

/** @throws BAD_UUID */
export function sessionRef(value: unknown): SessionRef {
  const ref = parseSessionRef(value);
  if (!ref) throw new ApiError('BAD_UUID', { error: 'Invalid session id' });
  return ref;
}
