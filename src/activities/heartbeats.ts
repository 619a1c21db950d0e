import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

// Cancellation is heard by heartbeats only, and a cancel must end a job within 3 s.
export const HEARTBEAT_MS = 500;

/** Sends heartbeats while `work` runs. @param details what the next attempt is told, read at every beat */
export async function withHeartbeat<T>(work: (cancelled: AbortSignal) => Promise<T>, details?: () => unknown): Promise<T> {
  const context = Context.current();
  const beat = (): void => context.heartbeat(details?.());
  beat();
  const timer = setInterval(beat, HEARTBEAT_MS);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Why an aborted activity ends: a user's cancel, or this worker's stop, after which another attempt goes on elsewhere.
 * Null when it was not aborted.
 */
export function interruption(cancelled: AbortSignal): Error | null {
  if (!cancelled.aborted) return null;
  const reason: unknown = cancelled.reason;
  return reason instanceof CancelledFailure && reason.message !== 'WORKER_SHUTDOWN' ? reason : workerStops();
}

/** The next attempt need not wait: nothing went wrong, however many attempts there were. */
export const workerStops = (): Error =>
  ApplicationFailure.create({
    type: 'WORKER_STOPPING',
    message: 'The worker is stopping; another attempt goes on',
    nonRetryable: false,
    nextRetryDelay: '1s',
  });
