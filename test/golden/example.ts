import { formatUtc } from '../../src/domain/series';
import type { Series } from '../../src/domain/series';

/** The golden example of pipeline.md 21: four series of 480 rows, every 15 minutes from 30 March 2024. */
export const ROWS = 480;
export const STEPS = 13;
export const MINUTE = 60_000_000;
const START = Date.UTC(2024, 2, 30) * 1000;

const rounded = (value: number) => Number(value.toFixed(3));
const rows = (formula: (i: number) => number) => Float64Array.from({ length: ROWS }, (_, i) => rounded(formula(i)));

const times = Float64Array.from({ length: ROWS }, (_, i) => START + i * 15 * MINUTE);
const a = rows((i) => 50 + 20 * Math.sin((2 * Math.PI * i) / 96) + (i % 7));
const bComplete = rows((i) => 10 + 8 * Math.cos((2 * Math.PI * i) / 96) - 0.01 * i);
const b = bComplete.with(200, NaN);
const c = rows((i) => 0.6 * a[i]! + 1.5 * bComplete[i]! + 5 + ((37 * i) % 11) / 10);
const d = rows((i) => 30 - 0.2 * a[i]! + ((13 * i) % 5) / 4);

export const SERIES: Record<'A' | 'B' | 'C' | 'D', Series> = {
  A: { label: 'A', role: 'input', times, values: a },
  B: { label: 'B', role: 'input', times, values: b },
  C: { label: 'C', role: 'output', times, values: c },
  D: { label: 'D', role: 'output', times, values: d },
};

/** The series as a file a client would upload. */
export function csvText({ label, times: instants, values }: Series): string {
  const lines = Array.from(instants, (time, i) => `${formatUtc(time)};${Number.isNaN(values[i]!) ? '' : values[i]!.toFixed(3)}`);
  return [`UTC;${label}`, ...lines, ''].join('\n');
}

/** First row of each kept window: A runs over the 13 rows up to the reference, the others over the 13 rows from it. */
export const KEPT_REFERENCES = Array.from({ length: ROWS }, (_, ref) => ref).filter(
  (ref) => ref >= STEPS - 1 && ref + STEPS - 1 < ROWS && !(ref <= 200 && 200 <= ref + STEPS - 1),
);

/** Window values by plain indexing, (window, step, column) row-major, in original units. */
export function exampleWindows(): { x: Float64Array; y: Float64Array } {
  const cells = KEPT_REFERENCES.flatMap((ref) => Array.from({ length: STEPS }, (_, step) => ref + step));
  return {
    x: Float64Array.from(cells.flatMap((row) => [a[row - STEPS + 1]!, b[row]!])),
    y: Float64Array.from(cells.flatMap((row) => [c[row]!, d[row]!])),
  };
}

export const SPLIT = { train: 310, validation: 89, test: 44 };
