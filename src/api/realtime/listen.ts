import type { Logger } from '../../log';
import { ApiError } from '../errors';
import { refusalOf } from './refusal';
import type { Payload, RealtimeSocket } from './types';

/** What a client event is answered with: one event to the sender, and what follows it. */
export interface Reply {
  event: string;
  body: Payload;
  /** runs right after the reply was sent, in the same turn */
  after?: () => void;
}

/**
 * Answers a client event (realtime.md 4): the reply, or `errorEvent` in the one error shape, as an event and to the acknowledgement callback alike.
 */
export function listen(
  socket: RealtimeSocket,
  log: Logger,
  event: string,
  errorEvent: string,
  handle: (payload: Payload) => Promise<Reply>,
): void {
  socket.on(event, (...sent) => {
    const acknowledge = sent.at(-1);
    const payload = isCallback(sent[0]) ? undefined : sent[0];
    const answer = (name: string, body: Payload): void => {
      socket.emit(name, body);
      if (isCallback(acknowledge)) acknowledge(body);
    };
    Promise.resolve()
      .then(() => handle(asObject(payload)))
      .then((reply) => {
        answer(reply.event, reply.body);
        reply.after?.();
      })
      .catch((error: unknown) => {
        const { code, message, unexpected } = refusalOf(error);
        if (unexpected) log.error({ err: error, event }, 'a client event failed');
        answer(errorEvent, { status: 'error', code, message, ...sentSession(payload) });
      });
  });
}

const isCallback = (value: unknown): value is (body: Payload) => void => typeof value === 'function';

function asObject(payload: unknown): Payload {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new ApiError('BAD_REQUEST', { error: 'The payload must be an object' });
  return payload as Payload;
}

/** `session_id` of an error: as the client sent it, when it sent text. */
function sentSession(payload: unknown): { session_id?: string } {
  const { session_id: snake, sessionId: camel, uploadId } = (payload ?? {}) as Payload;
  const sent = snake ?? camel ?? uploadId;
  return typeof sent === 'string' ? { session_id: sent.slice(0, 128) } : {};
}
