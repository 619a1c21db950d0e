import { ApiError } from '../errors';
import { parseSessionRef, parseUuid } from '../http/ids';
import type { OwnSession } from '../types';
import type { Payload, RealtimeServices, RealtimeSocket } from './types';

/**
 * The caller's own session behind `session_id` (or `sessionId`), in any form of http-api A.5.
 * @throws ApiError BAD_REQUEST, BAD_UUID, SESSION_NOT_FOUND, FORBIDDEN
 */
export function sessionOf(services: RealtimeServices, socket: RealtimeSocket, payload: Payload): Promise<OwnSession> {
  const { session_id: snake, sessionId: camel } = payload;
  if (snake !== undefined && camel !== undefined && snake !== camel) {
    throw new ApiError('BAD_REQUEST', { error: 'session_id and sessionId contradict each other' });
  }
  const ref = snake ?? camel;
  if (ref === undefined || ref === null || ref === '') throw new ApiError('BAD_REQUEST', { error: 'Session ID is required' });
  return ownSession(services, socket, ref);
}

export interface OwnUpload {
  uploadId: string;
  session: OwnSession;
}

/**
 * What the legacy `uploadId` names: a session of any form, or an upload of one of the caller's sessions.
 * @throws ApiError BAD_REQUEST, BAD_UUID, SESSION_NOT_FOUND, FORBIDDEN
 */
export async function uploadOrSessionOf(
  services: RealtimeServices,
  socket: RealtimeSocket,
  payload: Payload,
): Promise<{ session: OwnSession; upload: null } | { session: OwnSession; upload: string }> {
  const { uploadId } = payload;
  if (uploadId === undefined || uploadId === null || uploadId === '') throw new ApiError('BAD_REQUEST', { error: 'uploadId is required' });
  try {
    return { session: await ownSession(services, socket, uploadId), upload: null };
  } catch (error) {
    const id = parseUuid(uploadId);
    if (id === null || !(error instanceof ApiError) || error.code !== 'SESSION_NOT_FOUND') throw error;
    const upload = await services.store.service.upload(id);
    if (!upload) throw error;
    return { session: { ...(await ownSession(services, socket, upload.session_id)), ref: id }, upload: id };
  }
}

async function ownSession({ store }: RealtimeServices, socket: RealtimeSocket, ref: unknown): Promise<OwnSession> {
  const parsed = parseSessionRef(ref);
  if (!parsed) throw new ApiError('BAD_UUID');
  const session = await store.forUser(socket.data.token).resolveSession(parsed.key);
  if (!session) throw new ApiError('SESSION_NOT_FOUND');
  if (!session.owned) throw new ApiError('FORBIDDEN');
  return { id: session.sessionId, stringId: session.stringId, ref: parsed.ref };
}
