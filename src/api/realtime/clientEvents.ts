import type { Logger } from '../../log';
import type { UserStore } from '../../store';
import type { OwnSession } from '../types';
import { watchExpiry } from './authentication';
import type { Gate } from './gate';
import { listen } from './listen';
import type { Reply } from './listen';
import { refusalOf } from './refusal';
import { joinRoom, leaveRoom, roomOfSession, roomOfUpload } from './rooms';
import type { OwnRoom } from './rooms';
import { sessionOf, uploadOrSessionOf } from './sessions';
import { datasetStatusOf, trainingStatus } from './status';
import type { Payload, RealtimeServices, RealtimeSocket } from './types';

/** Registers every client event of realtime.md 4 on a socket. */
export function registerClientEvents(socket: RealtimeSocket, services: RealtimeServices, gate: Gate, log: Logger): void {
  const { expired, renew } = watchExpiry(socket, services.verifyToken);
  socket.use((_message, next) => {
    if (!expired()) next();
  });

  const mine = (): UserStore => services.store.forUser(socket.data.token);
  const session = (payload: Payload): Promise<OwnSession> => sessionOf(services, socket, payload);
  const on = (event: string, errorEvent: string, handle: (payload: Payload) => Promise<Reply>): void =>
    listen(socket, log, event, errorEvent, handle);

  on('join_training_session', 'training_session_error', async (payload) => {
    const room = roomOfSession(await session(payload));
    return joinRoom(socket, gate, mine(), room, { event: 'training_session_joined', body: joined(room) });
  });
  on('leave_training_session', 'training_session_error', async (payload) => {
    const { id, ref } = await session(payload);
    await leaveRoom(socket, roomOfSession({ id, ref, stringId: null }).name);
    return { event: 'training_session_left', body: { status: 'success', session_id: ref, message: 'Left training session' } };
  });
  on('request_training_status', 'training_status_error', async (payload) => ({
    event: 'training_status_update',
    body: await trainingStatus(mine(), await session(payload)),
  }));
  on('request_dataset_status', 'dataset_status_error', async (payload) => ({
    event: 'dataset_status_update',
    body: await datasetStatusOf(mine(), await session(payload)),
  }));

  const legacyRoom = async (payload: Payload): Promise<OwnRoom> => {
    const { session: owner, upload } = await uploadOrSessionOf(services, socket, payload);
    return upload === null ? roomOfSession(owner) : roomOfUpload(upload, owner);
  };
  on('join_upload_room', 'upload_room_error', async (payload) =>
    joinRoom(socket, gate, mine(), await legacyRoom(payload), { event: 'joined_room', body: { uploadId: payload['uploadId'] } }),
  );
  on('join', 'upload_room_error', async (payload) =>
    joinRoom(socket, gate, mine(), await legacyRoom(payload), {
      event: 'status',
      body: { message: `Joined room: ${String(payload['uploadId'])}` },
    }),
  );
  on('leave', 'upload_room_error', async (payload) => {
    await leaveRoom(socket, (await legacyRoom(payload)).name);
    return { event: 'left_room', body: { uploadId: payload['uploadId'] } };
  });

  on('authenticate', 'auth_error', async (payload) => {
    try {
      return { event: 'authenticated', body: { expires_at: new Date((await renew(payload)) * 1000).toISOString() } };
    } catch (error) {
      // the answer goes out first; a key set that cannot be reached is no reason to cut a socket whose token still holds
      if (!refusalOf(error).unexpected) setImmediate(() => socket.disconnect(true));
      throw error;
    }
  });
}

const joined = ({ name, session }: OwnRoom): Payload => ({
  status: 'success',
  session_id: session.ref,
  session_uuid: session.id,
  room: name,
  message: 'Joined training session',
});
