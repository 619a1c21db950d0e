import type { Series, SeriesStatistics } from './types';

const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;

/** Rows of a series as far as they are there. */
export interface RowsSoFar extends Pick<Series, 'times' | 'values'> {
  count: number;
}

/** Statistics taken while rows arrive, so that nothing is left to go through at their end. */
export interface RunningStatistics {
  /** takes the rows that have come since the last call; columns may have been replaced by longer ones with the same beginning */
  take(rows: RowsSoFar): void;
  /** @param rows all of them */
  result(rows: RowsSoFar): SeriesStatistics;
}

export function runningStatistics(): RunningStatistics {
  let taken = 0;
  let smallestStep = Infinity;
  let numericCount = 0;
  let min = Infinity;
  let max = -Infinity;

  function take({ times, values, count }: RowsSoFar): void {
    // of their own: variables that outlive the call are slow in a loop
    let [step, numeric, low, high] = [smallestStep, numericCount, min, max];
    for (let i = taken; i < count; i++) {
      if (i > 0 && times[i]! - times[i - 1]! < step) step = times[i]! - times[i - 1]!;
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      numeric++;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    [smallestStep, numericCount, min, max] = [step, numeric, low, high];
    taken = count;
  }

  return {
    take,
    result(rows) {
      take(rows);
      const { times, count: rowCount } = rows;
      const [firstTime, lastTime] = [times[0]!, times[rowCount - 1]!];
      const meanStepMin = (lastTime - firstTime) / MINUTE_US / (rowCount - 1);
      return {
        firstTime,
        lastTime,
        rowCount,
        numericCount,
        numericShare: Math.round((numericCount / rowCount) * 10_000) / 100,
        meanStepMin,
        smallestStepMin: smallestStep / MINUTE_US,
        rowOffset: rowOffset(firstTime, meanStepMin),
        min: numericCount > 0 ? min : null,
        max: numericCount > 0 ? max : null,
      };
    },
  };
}

/** Statistics of pipeline.md 3. */
export const statistics = ({ times, values }: Pick<Series, 'times' | 'values'>): SeriesStatistics =>
  runningStatistics().result({ times, values, count: times.length });

/** Phase of the rows: minutes past the full hour modulo the step; 'var' unless the step divides the hour exactly. */
function rowOffset(firstTime: number, stepMin: number): number | 'var' {
  if (!Number.isInteger(60 / stepMin)) return 'var';
  const pastHour = firstTime - Math.floor(firstTime / HOUR_US) * HOUR_US;
  return (pastHour / MINUTE_US) % stepMin;
}
