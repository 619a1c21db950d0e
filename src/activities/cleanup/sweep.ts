import type { SweepCounts } from '../types';

/** Items per transaction (data-model.md 8). */
export const BATCH = 500;
// A step that never runs empty is going in circles; the next sweep goes on.
const MOST_ROUNDS = 200;

/** Repeats one bounded step until it finds less than a full batch. @param round returns how many items it took */
export async function untilEmpty(round: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
    const count = await round();
    total += count;
    if (count < BATCH) break;
  }
  return total;
}

export type SweepStep = () => Promise<SweepCounts>;
