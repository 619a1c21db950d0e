/** Sockets as a frontend opens them. */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { target } from './endpoints';
import { waitFor } from './waitFor';

export type Payload = Record<string, unknown>;

export interface Heard {
  event: string;
  payload: Payload;
}

export interface TestSocket {
  socket: Socket;
  /** everything the server sent, in order */
  heard: Heard[];
  /** waits for the n-th event of a name */
  next: (event: string, count?: number) => Promise<Payload>;
  /** the acknowledgement of a client event */
  ask: (event: string, payload: unknown) => Promise<Payload>;
}

const open: Socket[] = [];

/** Closes what connect() opened; for afterEach. */
export const closeSockets = (): void => open.splice(0).forEach((socket) => void socket.close());

/** @throws Error with `data` when the server refuses the connection */
export async function connect(token: string | undefined, address = target().api): Promise<TestSocket> {
  const socket = io(address, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  open.push(socket);
  const heard: Heard[] = [];
  socket.onAny((event: string, payload: Payload) => heard.push({ event, payload }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    heard,
    next: (event, count = 1) => waitFor(() => heard.filter((one) => one.event === event)[count - 1]?.payload),
    ask: (event, payload) => socket.timeout(10_000).emitWithAck(event, payload) as Promise<Payload>,
  };
}
