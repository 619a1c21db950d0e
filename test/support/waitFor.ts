import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Asks again and again until there is an answer.
 * @param what  completes the sentence "… did not happen"
 * @throws Error with the last error when `withinMs` have passed
 */
export async function waitFor<T>(what: string, ask: () => Promise<T | null | undefined | false> | T | null | undefined | false, withinMs = 15_000): Promise<T> {
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
  throw new Error(`${what} did not happen within ${withinMs} ms`, { cause: lastError });
}
