import { ApiError } from '../errors';
import type { VerifyToken } from '../types';
import { refusalOf } from './refusal';
import type { RealtimeServer, RealtimeSocket } from './types';

// setTimeout overflows beyond 2^31 − 1 ms; a token that lives longer is looked at again then.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const EXPIRED = new ApiError('EXPIRED_TOKEN');

/** Checks the handshake's token (realtime.md 2); only `auth.token` counts. A refusal reaches the client as `connect_error` with `data` {code, message}. */
export function authenticateHandshake(io: RealtimeServer, verifyToken: VerifyToken): void {
  io.use((socket, next) => {
    const token: unknown = socket.handshake.auth['token'];
    identify(verifyToken, token).then(
      ({ userId, expiresAt }) => {
        Object.assign(socket.data, { userId, expiresAt, token, rooms: new Map<string, string>(), roomsRefused: 0 });
        next();
      },
      (error: unknown) => next(connectError(error)),
    );
  });
}

/**
 * Ends the socket at the expiry of its token, and renews the token by `authenticate`.
 * @returns `expired`: true when the token is past its end; the socket has then been told and disconnected
 */
export function watchExpiry(
  socket: RealtimeSocket,
  verifyToken: VerifyToken,
): { expired: () => boolean; renew: (payload: unknown) => Promise<number> } {
  let timer: NodeJS.Timeout | undefined;

  const expired = (): boolean => {
    if (Date.now() < socket.data.expiresAt * 1000) return false;
    socket.emit('auth_expired', { code: EXPIRED.code, message: EXPIRED.message });
    socket.disconnect(true);
    return true;
  };
  const arm = (): void => {
    clearTimeout(timer);
    const left = socket.data.expiresAt * 1000 - Date.now();
    timer = setTimeout(() => expired() || arm(), Math.min(Math.max(left, 0), LONGEST_TIMER_MS));
    timer.unref();
  };
  arm();
  socket.on('disconnect', () => clearTimeout(timer));

  return {
    expired,
    renew: async (payload) => {
      const token = (payload as { token?: unknown } | null)?.token;
      const { userId, expiresAt } = await identify(verifyToken, token);
      if (userId !== socket.data.userId) throw new ApiError('INVALID_TOKEN');
      Object.assign(socket.data, { token, expiresAt });
      arm();
      return expiresAt;
    },
  };
}

async function identify(verifyToken: VerifyToken, token: unknown): Promise<{ userId: string; expiresAt: number }> {
  if (token === undefined || token === null || token === '') throw new ApiError('MISSING_AUTHORIZATION');
  if (typeof token !== 'string') throw new ApiError('INVALID_TOKEN');
  return verifyToken(token);
}

function connectError(error: unknown): Error {
  const { code, message } = refusalOf(error);
  return Object.assign(new Error(message), { data: { code, message } });
}
