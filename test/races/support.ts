/** Many requests at the same moment, and what the database counts afterwards. */
import { serviceClient, waitFor } from '../support';
import type { Answer, Body, User } from '../acceptance/scenario';

/** `count` calls under way at once; the answers in the order of the calls. */
export const atOnce = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));

/** Calls of a list, never more than `limit` under way: for the preparation of a race on a small machine. */
export async function several<In, Out>(items: readonly In[], limit: number, call: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await call(items[index]!);
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
}

/** How often each status with its code was answered, e.g. {"200": 1, "409 TRAINING_IN_PROGRESS": 49}. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = status < 300 ? String(status) : `${status} ${String(body['code'])}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

export interface Usage {
  processing: number;
  training: number;
  /** charges that stand, of both kinds and all periods */
  charges: number;
  periodStart: string;
}

/** Counters of the user's newest period beside his charges; zeros where he has used nothing. */
export async function usageOf(user: User): Promise<Usage> {
  const service = serviceClient();
  const [tracked, charged] = await Promise.all([
    service
      .from('usage_tracking')
      .select('period_start, processing_jobs_count, training_runs_count')
      .eq('user_id', user.id)
      .order('updated_at', { ascending: false })
      .limit(1),
    service.from('usage_charges').select('id').eq('user_id', user.id).neq('state', 'refunded'),
  ]);
  if (tracked.error ?? charged.error) throw new Error('the usage could not be read', { cause: tracked.error ?? charged.error });
  const row = tracked.data[0] as Body | undefined;
  return {
    processing: (row?.['processing_jobs_count'] as number | undefined) ?? 0,
    training: (row?.['training_runs_count'] as number | undefined) ?? 0,
    charges: charged.data.length,
    periodStart: (row?.['period_start'] as string | undefined) ?? '',
  };
}

/** Waits until none of the user's jobs is queued or running. */
export async function jobsOver(user: User, seconds = 120): Promise<void> {
  await waitFor(async () => {
    const { data, error } = await user.client.from('training_progress').select('run_id').in('status', ['queued', 'running']);
    return !error && data.length === 0;
  }, seconds * 1000);
}
