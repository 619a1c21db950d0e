import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

type Nothing = null | undefined | false;

/**
 * Asks again and again until there is an answer. An error counts as no answer yet; the last one is the cause of the failure.
 * @throws Error when `withinMs` have passed
 */
export async function waitFor<T>(ask: () => Promise<T | Nothing> | T | Nothing, withinMs = 15_000): Promise<T> {
  const until = Date.now() + withinMs;
  let lastError: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
    } catch (error) {
      lastError = error;
    }
    await sleep(POLL_MS);
  } while (Date.now() < until);
  throw new Error(`it did not happen within ${withinMs} ms`, { cause: lastError });
}
