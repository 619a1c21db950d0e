import type { Server, Socket } from 'socket.io';
import type { Services } from '../types';

/** what a client sends, its acknowledgement callback last if there is one */
type Incoming = Record<string, (...sent: unknown[]) => void>;
type Outgoing = Record<string, (payload: Payload) => void>;

export type Payload = Record<string, unknown>;

/** What a socket knows of its user; the user id comes from the token alone and never changes. */
export interface SocketData {
  userId: string;
  token: string;
  /** seconds since 1970 */
  expiresAt: number;
  /** rooms joined by this socket → the session they belong to */
  rooms: Map<string, string>;
  /** how often a room was refused since one was entered */
  roomsRefused: number;
  /** one socket more than a user may have */
  surplus: boolean;
}

export type RealtimeServer = Server<Incoming, Outgoing, Record<string, never>, SocketData>;
export type RealtimeSocket = Socket<Incoming, Outgoing, Record<string, never>, SocketData>;

export type RealtimeServices = Pick<Services, 'config' | 'log' | 'store' | 'verifyToken'>;
