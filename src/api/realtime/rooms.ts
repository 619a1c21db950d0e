import { ApiError } from '../errors';
import { sessionRoom, uploadRoom } from '../../realtime';
import type { UserStore } from '../../store';
import type { OwnSession } from '../types';
import type { Gate } from './gate';
import { mayEnter } from './limits';
import type { Reply } from './listen';
import { replayOf } from './replay';
import type { RealtimeSocket } from './types';

/** A room of the caller's, by ids the ownership check returned; client text never enters a name. */
export interface OwnRoom {
  name: string;
  session: OwnSession;
}

export const roomOfSession = (session: OwnSession): OwnRoom => ({ name: sessionRoom(session.id), session });
export const roomOfUpload = (uploadId: string, session: OwnSession): OwnRoom => ({ name: uploadRoom(uploadId), session });

/**
 * Enters a room. Live events are held back from the moment the socket is a member until the replay was sent, so that none is lost and none overtakes it.
 * @returns the reply, followed by the replay
 */
export async function joinRoom(
  socket: RealtimeSocket,
  gate: Gate,
  mine: UserStore,
  { name, session }: OwnRoom,
  reply: Reply,
): Promise<Reply> {
  if (!mayEnter(socket, name)) throw new ApiError('RATE_LIMITED', { error: 'This connection has joined too many rooms' });
  const wasMember = socket.data.rooms.has(name);
  const release = gate.hold(socket);
  try {
    await socket.join(name);
    socket.data.rooms.set(name, session.id);
    const events = await replayOf(mine, session);
    return {
      ...reply,
      after: () => {
        events.forEach(({ event, payload }) => socket.emit(event, payload));
        release();
      },
    };
  } catch (error) {
    if (!wasMember) await leaveRoom(socket, name);
    release();
    throw error;
  }
}

/** Leaving a room one is not in is no error. */
export async function leaveRoom(socket: RealtimeSocket, room: string): Promise<void> {
  socket.data.rooms.delete(room);
  await socket.leave(room);
}

/** Closes a session's rooms for this socket once it was told that the session is deleted. */
export function leaveDeletedSessions(socket: RealtimeSocket): void {
  socket.onAnyOutgoing((event: string, payload: { session_uuid?: unknown }) => {
    if (event !== 'session_deleted') return;
    for (const [room, sessionId] of socket.data.rooms) {
      if (sessionId === payload.session_uuid) leaveRoom(socket, room).catch(() => undefined); // the local adapter leaves at once
    }
  });
}
