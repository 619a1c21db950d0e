import type { RealtimeServer, RealtimeSocket } from './types';

// realtime.md 1
const SOCKETS_PER_USER = 20;
const ROOMS_PER_SOCKET = 100;
const MESSAGES_PER_SECOND = 30;
// "on persistence disconnect": a client that is refused this often within one run of busy seconds does not slow down
const REFUSALS_BEFORE_DISCONNECT = 300;
const ROOM_REFUSALS_BEFORE_DISCONNECT = 20;

const REFUSAL = { code: 'RATE_LIMITED', message: 'Too many requests' };

/** Room of all sockets of a user, in every process; it carries no events. */
const userRoom = (userId: string): string => `user_${userId}`;

/** Finds the 21st socket of a user: exactly within this process, and by asking the other processes, if they answer. */
export function limitSockets(io: RealtimeServer): void {
  const open = new Map<string, number>();
  io.use((socket, next) => {
    const { userId } = socket.data;
    const here = (open.get(userId) ?? 0) + 1;
    open.set(userId, here);
    socket.conn.once('close', () => {
      const left = (open.get(userId) ?? 1) - 1;
      if (left > 0) open.set(userId, left);
      else open.delete(userId);
    });
    const decide = (everywhere: number): void => {
      socket.data.surplus = here > SOCKETS_PER_USER || everywhere >= SOCKETS_PER_USER;
      next();
    };
    io.in(userRoom(userId))
      .fetchSockets()
      .then(
        (sockets) => decide(sockets.length),
        () => decide(0), // a process that does not answer must not keep users out
      );
  });
  io.on('connection', (socket) => {
    if (socket.data.surplus) return;
    Promise.resolve(socket.join(userRoom(socket.data.userId))).catch(() => undefined); // the local adapter joins at once
  });
}

/** True for a socket beyond the limit, which has been told `rate_limited` and disconnected: only a connected socket hears an event. */
export function refuseSurplus(socket: RealtimeSocket): boolean {
  if (!socket.data.surplus) return false;
  socket.emit('rate_limited', REFUSAL);
  socket.disconnect(true);
  return true;
}

/** Refuses messages beyond 30 a second with `rate_limited`, and ends the connection of a client that goes on. */
export function limitMessages(socket: RealtimeSocket): void {
  let second = 0;
  let count = 0;
  let refused = 0;
  socket.use((_message, next) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      if (count <= MESSAGES_PER_SECOND) refused = 0;
      second = now;
      count = 0;
    }
    count += 1;
    if (count <= MESSAGES_PER_SECOND) return next();
    refused += 1;
    if (count === MESSAGES_PER_SECOND + 1) socket.emit('rate_limited', REFUSAL);
    if (refused > REFUSALS_BEFORE_DISCONNECT) socket.disconnect(true);
  });
}

/** True when the socket may enter the room; otherwise it is told `rate_limited`, and disconnected when it does not stop asking. */
export function mayEnter(socket: RealtimeSocket, room: string): boolean {
  const { data } = socket;
  if (data.rooms.has(room) || data.rooms.size < ROOMS_PER_SOCKET) {
    data.roomsRefused = 0;
    return true;
  }
  socket.emit('rate_limited', REFUSAL);
  data.roomsRefused += 1;
  // the answer to this attempt goes out first
  if (data.roomsRefused > ROOM_REFUSALS_BEFORE_DISCONNECT) setImmediate(() => socket.disconnect(true));
  return false;
}
