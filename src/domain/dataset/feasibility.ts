import { timeFeatureNames } from '../calendar';
import type { Finding } from '../findings';
import { formatUtc } from '../series';
import type { DatasetSettings } from '../settings/types';
import { candidatesWithin, referenceTimes, seriesShape } from '../windows';
import type { ReferenceTimes, TimeRange } from '../windows';
import type { Rejection } from './types';

/** Bounds of pipeline.md 9.3. */
export interface DatasetLimits {
  /** candidate reference times */
  maxReferenceTimes: number;
  /** cells of both arrays, counted as if materialised */
  maxArrayCells: number;
  /** bytes really held */
  maxArrayBytes: number;
}

export const DEFAULT_LIMITS: DatasetLimits = { maxReferenceTimes: 5_000_000, maxArrayCells: 1_000_000_000, maxArrayBytes: 4 * 1024 ** 3 };

/** What the first and last row times alone tell about the windows. */
export interface CandidateCount {
  /** candidate references of pipeline.md 8.1 */
  references: number;
  /** candidates whose windows lie within all series: n_dat if there are no missing values */
  windows: number;
}

/**
 * Counts candidates from stored statistics, without building anything.
 *
 * @param ranges  first and last row time of each series, in the order of `settings.series`
 */
export function candidateCount(settings: DatasetSettings, ranges: readonly TimeRange[]): CandidateCount {
  const references = referencesOf(settings, ranges);
  let [first, end] = [0, references.count];
  settings.series.forEach((series, index) => {
    const inside = candidatesWithin(references, ranges[index]!, seriesShape(series, settings.steps));
    first = Math.max(first, inside.first);
    end = Math.min(end, inside.end);
  });
  return { references: references.count, windows: Math.max(0, end - first) };
}

/** Candidate references; only the inputs take part. */
export function referencesOf(settings: DatasetSettings, ranges: readonly TimeRange[]): ReferenceTimes {
  return referenceTimes(
    settings.steps,
    ranges.filter((_, index) => settings.series[index]?.role === 'input'),
  );
}

/** Columns of the two arrays; the time columns belong to the input. */
export function featureCounts(settings: DatasetSettings): { input: number; output: number } {
  const series = { input: 0, output: 0 };
  for (const { role } of settings.series) series[role]++;
  const time = settings.time.groups.reduce((sum, { group }) => sum + timeFeatureNames(group).length, 0);
  return { input: series.input + time, output: series.output };
}

/** Cells of both arrays for `windows` windows, as if materialised. */
export function estimateCells(settings: DatasetSettings, windows: number): number {
  const { input, output } = featureCounts(settings);
  return windows * (settings.steps.inputSteps * input + settings.steps.outputSteps * output);
}

/** NO_WINDOWS, TOO_MANY_REFERENCES and TOO_MANY_CELLS as far as the time ranges show them; empty = go on. */
export function checkFeasibility(
  settings: DatasetSettings,
  ranges: readonly TimeRange[],
  limits: DatasetLimits = DEFAULT_LIMITS,
): Finding[] {
  const { references, windows } = candidateCount(settings, ranges);
  if (references > limits.maxReferenceTimes) {
    const message = `${references} reference times are more than the allowed ${limits.maxReferenceTimes}; raise zeitschrittweite`;
    return [{ code: 'TOO_MANY_REFERENCES', message, context: { count: references, cap: limits.maxReferenceTimes } }];
  }
  if (windows === 0) return [noWindows(settings, ranges, references, outsideOnly(settings, ranges))];
  const cells = estimateCells(settings, windows);
  return cells > limits.maxArrayCells ? [tooManyCells(settings, windows, { cells, cap: limits.maxArrayCells })] : [];
}

/** 9.3: too many cells, or too many bytes although the cells are within bounds. */
export function tooManyCells(settings: DatasetSettings, windows: number, size: { cells: number; cap: number; bytes?: number }): Finding {
  const { input, output } = featureCounts(settings);
  const { inputSteps, outputSteps } = settings.steps;
  const what = size.bytes === undefined ? `${size.cells} cells` : `${size.bytes} bytes`;
  return {
    code: 'TOO_MANY_CELLS',
    message:
      `${windows} windows of ${inputSteps} × ${input} input and ${outputSteps} × ${output} output values make ${what}, ` +
      `more than the allowed ${size.cap}; raise zeitschrittweite or lower eingabe/ausgabe`,
    context: { ...size, n_c: windows, I_N: inputSteps, O_N: outputSteps, n_ft_i: input, n_ft_o: output },
  };
}

/** No window at all: names what was tried and why each series refused. */
export function noWindows(
  settings: DatasetSettings,
  ranges: readonly TimeRange[],
  candidates: number,
  rejections: readonly Rejection[],
): Finding {
  const described = settings.series.map(({ label, role }, index) => ({
    label,
    role,
    first: formatUtc(ranges[index]!.firstTime),
    last: formatUtc(ranges[index]!.lastTime),
  }));
  const reasons = rejections
    .filter(({ outside, missing }) => outside + missing > 0)
    .map(({ label, role, outside, missing }) => `${role} "${label}": ${outside} outside its time range, ${missing} with missing values`);
  return {
    code: 'NO_WINDOWS',
    message:
      `no complete window exists; ${candidates} reference times tried${reasons.length ? ` (${reasons.join('; ')})` : ''}; time ranges: ` +
      described.map(({ label, role, first, last }) => `${role} "${label}" ${first} to ${last}`).join(', '),
    context: { candidates, rejections, ranges: described },
  };
}

/** Rejections that the time ranges alone explain, each charged to the first series concerned. */
function outsideOnly(settings: DatasetSettings, ranges: readonly TimeRange[]): Rejection[] {
  const references = referencesOf(settings, ranges);
  let [first, end] = [0, references.count];
  return settings.series.map((series, index) => {
    const inside = candidatesWithin(references, ranges[index]!, seriesShape(series, settings.steps));
    const before = Math.max(0, end - first);
    first = Math.max(first, inside.first);
    end = Math.min(end, inside.end);
    return { label: series.label, role: series.role, outside: before - Math.max(0, end - first), missing: 0 };
  });
}
