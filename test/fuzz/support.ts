/** Many generated requests against the running API, and what every answer must look like. */
import fc from 'fast-check';
import type { Answer } from '../acceptance/scenario';

// a smaller example is sought with so many further batches at most
const SHRINK_STEPS = 60;
const AT_ONCE = 8;
const USUAL_SEED = '20261128';

/**
 * Sends `cases` generated requests, eight at once (`lane` tells which of them). They are the same in every run, so that a change is judged by
 * what it changes; FUZZ_SEED=random, or a number, makes others. The seed is printed with a failure, beside the case that failed, made smaller.
 */
export async function fuzz<T>(arbitrary: fc.Arbitrary<T>, cases: number, check: (one: T, lane: number) => Promise<void>): Promise<void> {
  let sinceFailure = 0;
  const batch = fc.array(arbitrary, { minLength: AT_ONCE, maxLength: AT_ONCE });
  const property = fc.asyncProperty(batch, async (ones) => {
    if (sinceFailure > 0 && sinceFailure++ > SHRINK_STEPS) return;
    const ends = await Promise.allSettled(ones.map((one, lane) => check(one, lane)));
    const lane = ends.findIndex(({ status }) => status === 'rejected');
    if (lane < 0) return;
    sinceFailure += 1;
    throw new Error(`request ${lane} of the batch: ${fc.stringify(ones[lane])}`, { cause: (ends[lane] as PromiseRejectedResult).reason });
  });
  const seed = process.env['FUZZ_SEED'] ?? USUAL_SEED;
  await fc.assert(property, { numRuns: Math.ceil(cases / AT_ONCE), ...(seed === 'random' ? {} : { seed: Number(seed) }) });
}

/** @throws Error unless this is a success, or a refusal that says what is wrong */
export function mustBeClear({ status, body }: Pick<Answer, 'status' | 'body'>): void {
  const success = status >= 200 && status < 300 && body['success'] === true;
  const refusal =
    status >= 400 && status < 500 && body['success'] === false && typeof body['code'] === 'string' && typeof body['error'] === 'string';
  if (!success && !refusal) throw new Error(`neither a success nor a clear refusal: ${status} ${JSON.stringify(body)}`);
}
