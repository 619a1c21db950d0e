import type { Series, SeriesStatistics } from './types';

const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;

/** Statistics of pipeline.md 3. */
export function statistics({ times, values }: Pick<Series, 'times' | 'values'>): SeriesStatistics {
  const rowCount = times.length;
  const firstTime = times[0]!;
  const lastTime = times[rowCount - 1]!;
  let smallestStep = Infinity;
  let numericCount = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < rowCount; i++) {
    if (i > 0 && times[i]! - times[i - 1]! < smallestStep) smallestStep = times[i]! - times[i - 1]!;
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    numericCount++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
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
}

/** Phase of the rows: minutes past the full hour modulo the step; 'var' unless the step divides the hour exactly. */
function rowOffset(firstTime: number, stepMin: number): number | 'var' {
  if (!Number.isInteger(60 / stepMin)) return 'var';
  const pastHour = firstTime - Math.floor(firstTime / HOUR_US) * HOUR_US;
  return (pastHour / MINUTE_US) % stepMin;
}
