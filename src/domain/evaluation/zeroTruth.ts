import type { Warning } from '../findings';

/** Where a truth of zero was met. */
export interface ZeroTruthPlace {
  output: string;
  level: number;
  family: 'test_original' | 'test_scaled' | 'val_scaled';
}

const { abs } = Math;
const SCALED_ZERO = 1e-9;

/**
 * MAPE divides by the truth: with a truth of zero its value is huge and says nothing.
 *
 * Scaled families: the column minimum maps to 0 up to rounding, so everything below 1e-9 counts as zero (pipeline.md 14.6).
 *
 * @returns the warning, or null when no truth is that small
 */
export function zeroTruthWarning(place: ZeroTruthPlace, truth: readonly Float64Array[]): Warning | null {
  const limit = place.family === 'test_original' ? 0 : SCALED_ZERO;
  let count = 0;
  for (const column of truth) {
    for (let i = 0; i < column.length; i += 1) if (column[i] === 0 || abs(column[i]!) < limit) count += 1;
  }
  if (count === 0) return null;
  const share = `${count} of ${truth.length * (truth[0]?.length ?? 0)} true values`;
  return {
    code: 'MAPE_ZERO_TRUTH',
    message: `MAPE of "${place.output}" (${place.family}, averaging level ${place.level}) is not meaningful: ${share} are zero.`,
    context: { ...place, count },
  };
}
