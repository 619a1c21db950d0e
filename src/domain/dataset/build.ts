import { timeFeatures } from '../calendar';
import { PipelineError } from '../findings';
import { indices } from '../indices';
import type { Series } from '../series';
import { datasetWarnings } from '../settings';
import type { DatasetSettings, SeriesSettings } from '../settings/types';
import { candidatesWithin, keepComplete, referenceTime, seriesSource, timeGroupShape, uniformStep } from '../windows';
import type { ColumnSource, GridValues, ReferenceTimes, TimeRange } from '../windows';
import { StridedColumn } from './column';
import type { ColumnInfo } from './column';
import { checkFeasibility, DEFAULT_LIMITS, estimateCells, noWindows, referencesOf, tooManyCells } from './feasibility';
import type { DatasetLimits } from './feasibility';
import { layoutLength, sampleColumn } from './sample';
import type { KeptWindows, Storage } from './sample';
import type { Rejection, WindowBlock, WindowDataset } from './types';

/** A dataset whose columns can be stored. */
export interface BuiltDataset extends WindowDataset {
  readonly input: WindowBlock & { readonly columns: readonly StridedColumn[] };
  readonly output: WindowBlock & { readonly columns: readonly StridedColumn[] };
}

interface PlannedColumn {
  info: ColumnInfo;
  source: ColumnSource;
  /** values known from choosing the windows */
  tested: GridValues | null;
}

/**
 * Cuts series into windows (pipeline.md 8 and 9): one input and one output window per kept reference time.
 * A candidate is kept only if every value of every series is determined; the first series that fails is charged.
 *
 * @param series   the rows of each series of `settings.series`, found by role and label
 * @param storage  compact unless a comparison with full windows is wanted
 * @throws PipelineError NO_WINDOWS, TOO_MANY_REFERENCES, TOO_MANY_CELLS
 */
export function buildDataset(
  series: readonly Series[],
  settings: DatasetSettings,
  limits: DatasetLimits = DEFAULT_LIMITS,
  storage: Storage = 'compact',
): BuiltDataset {
  const ordered = settings.series.map((one) => rowsOf(series, one));
  const ranges = ordered.map(({ times }) => ({ firstTime: times[0]!, lastTime: times[times.length - 1]! }));
  refuse(checkFeasibility(settings, ranges, limits));

  const references = referencesOf(settings, ranges);
  const sources = settings.series.map((one, index) => seriesSource(ordered[index]!, one, settings.steps));
  const { candidates, rejections, tested } = selectWindows(settings, references, ranges, sources);
  if (candidates.length === 0) refuse([noWindows(settings, ranges, references.count, rejections)]);

  const kept: KeptWindows = { references, candidates, positions: countedFromFirst(candidates) };
  const columns = {
    input: [...seriesColumns(settings, sources, tested, 'input'), ...timeColumns(settings)],
    output: seriesColumns(settings, sources, tested, 'output'),
  };
  checkBytes(settings, [...columns.input, ...columns.output], kept, limits, storage);
  const block = (planned: PlannedColumn[], steps: number) => ({
    steps,
    columns: planned.map(
      ({ info, source, tested }) => new StridedColumn(info, sampleColumn(source, kept, storage, tested), candidates.length),
    ),
  });
  return {
    settings,
    windowCount: candidates.length,
    refTimes: referencesAt(references, candidates),
    candidateCount: references.count,
    firstCandidate: referenceTime(references, 0),
    rangeEnd: references.rangeEnd,
    rejections,
    warnings: datasetWarnings(settings),
    input: block(columns.input, settings.steps.inputSteps),
    output: block(columns.output, settings.steps.outputSteps),
  };
}

function rowsOf(series: readonly Series[], { role, label }: SeriesSettings): Series {
  const found = series.find((one) => one.role === role && one.label === label);
  if (!found) throw new RangeError(`no rows given for ${role} series "${label}"`);
  return found;
}

function refuse(findings: ConstructorParameters<typeof PipelineError>[0]): void {
  if (findings.length > 0) throw new PipelineError(findings);
}

function referencesAt(references: ReferenceTimes, candidates: Int32Array): Float64Array {
  const times = new Float64Array(candidates.length);
  const step = uniformStep(references);
  const origin = referenceTime(references, 0);
  for (let w = 0; w < times.length; w++)
    times[w] = step === null ? referenceTime(references, candidates[w]!) : origin + candidates[w]! * step;
  return times;
}

function countedFromFirst(candidates: Int32Array): Int32Array {
  const positions = new Int32Array(candidates.length);
  for (let w = 0; w < positions.length; w++) positions[w] = candidates[w]! - candidates[0]!;
  return positions;
}

/** Candidates that every series determines, and the refusals charged to each series in column order. */
function selectWindows(
  settings: DatasetSettings,
  references: ReferenceTimes,
  ranges: readonly TimeRange[],
  sources: readonly ColumnSource[],
): { candidates: Int32Array; rejections: Rejection[]; tested: (GridValues | null)[] } {
  const candidates = indices(references.count);
  let count = candidates.length;
  const tested: (GridValues | null)[] = [];
  const rejections = settings.series.map(({ label, role }, index) => {
    const source = sources[index]!;
    const within = keepWithin(candidates, count, candidatesWithin(references, ranges[index]!, source.shape));
    const complete = keepComplete(source, references, candidates, within);
    const rejection: Rejection = { label, role, outside: count - within, missing: within - complete.kept };
    count = complete.kept;
    tested.push(complete.tested);
    return rejection;
  });
  return { candidates: candidates.slice(0, count), rejections, tested };
}

/** Moves the candidates first … end − 1 to the front; they ascend, so these stand side by side. */
function keepWithin(candidates: Int32Array, count: number, { first, end }: { first: number; end: number }): number {
  const from = firstAtLeast(candidates, count, first);
  const to = Math.max(from, firstAtLeast(candidates, count, end));
  if (from > 0) candidates.copyWithin(0, from, to);
  return to - from;
}

/** Index of the first of `count` ascending numbers that is ≥ value. */
function firstAtLeast(ascending: Int32Array, count: number, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function seriesColumns(
  settings: DatasetSettings,
  sources: readonly ColumnSource[],
  tested: readonly (GridValues | null)[],
  role: 'input' | 'output',
): PlannedColumn[] {
  return settings.series.flatMap((series, index) => {
    if (series.role !== role) return [];
    const source = sources[index]!;
    const { scale, scaleMin, scaleMax } = series;
    const info = { name: series.label, kind: 'series' as const, steps: source.shape.steps, scale, scaleMin, scaleMax };
    return [{ info, source, tested: tested[index] ?? null }];
  });
}

function timeColumns({ time, steps }: DatasetSettings): PlannedColumn[] {
  return time.groups.flatMap((group) => {
    const shape = timeGroupShape(group, steps);
    const { scale, scaleMin, scaleMax } = group;
    const kind = group.dataForm === 'current' ? ('repeated' as const) : ('points' as const);
    return timeFeatures(group, time.timeZone).map(({ name, at, fill }) => ({
      info: { name, kind: 'time' as const, steps: shape.steps, scale, scaleMin, scaleMax },
      source: { kind, shape, at, fill },
      tested: null,
    }));
  });
}

function checkBytes(
  settings: DatasetSettings,
  columns: readonly PlannedColumn[],
  kept: KeptWindows,
  limits: DatasetLimits,
  storage: Storage,
): void {
  const bytes = 8 * columns.reduce((sum, { source }) => sum + layoutLength(source, kept, storage), 0);
  if (bytes <= limits.maxArrayBytes) return;
  const windows = kept.candidates.length;
  refuse([tooManyCells(settings, windows, { cells: estimateCells(settings, windows), cap: limits.maxArrayBytes, bytes })]);
}
