import fc from 'fast-check';
import { buildDataset, openDataset, serializeDataset } from '../../../src/domain/dataset';
import type { BuiltDataset, DatasetManifest } from '../../../src/domain/dataset';
import { PipelineError } from '../../../src/domain/findings';
import type { Series } from '../../../src/domain/series';
import type { DatasetSettings, SeriesSettings, StepConfig, TimeGroupSettings } from '../../../src/domain/settings';
import { allValues, HOUR, MINUTE, seriesSettings, utc } from './support';

const START = utc('2024-03-29 22:00:00');

/** The rules of pipeline.md 8.1 to 8.4 once more, by searching all rows for every point. */
function naive(series: readonly Series[], settings: DatasetSettings): { refs: number[]; windows: number[][][] } {
  const inputs = series.filter((_, i) => settings.series[i]!.role === 'input');
  const start = Math.min(...inputs.map(({ times }) => times[0]!));
  const end = Math.min(...inputs.map(({ times }) => times.at(-1)!));
  const base = Math.floor(start / HOUR) * HOUR - HOUR + Math.round(settings.steps.referenceOffsetMin * MINUTE);
  const found: { refs: number[]; windows: number[][][] } = { refs: [], windows: [] };
  for (let k = 0; ; k++) {
    const ref = base + Math.round(k * settings.steps.referenceStepMin * MINUTE);
    if (ref > end) return found;
    if (ref < start) continue;
    const columns = series.map((rows, i) => naiveWindow(rows, settings.series[i]!, settings.steps, ref));
    if (columns.flat().some(Number.isNaN)) continue;
    found.refs.push(ref);
    found.windows.push(columns);
  }
}

function naiveWindow({ times, values }: Series, series: SeriesSettings, config: StepConfig, ref: number): number[] {
  const n = series.role === 'input' ? config.inputSteps : config.outputSteps;
  const rows = [...times].map((time, i) => ({ time, value: values[i]! }));
  const [first, last] = [times[0]!, times.at(-1)!];
  const mean = (chosen: typeof rows) => {
    const numeric = chosen.filter(({ value }) => !Number.isNaN(value));
    return numeric.length === 0 ? NaN : numeric.reduce((sum, { value }) => sum + value, 0) / numeric.length;
  };
  const value = (u: number, cell: number) => {
    if (u < first || u > last) return NaN;
    if (series.alignment === 'mean') return mean(rows.filter(({ time }) => time > u - cell && time <= u));
    const p = rows.findLast(({ time }) => time <= u)!;
    const q = rows.find(({ time }) => time >= u)!;
    if (series.alignment === 'nearest') return u - p.time <= q.time - u ? p.value : q.value;
    return p === q ? p.value : ((u - p.time) / (q.time - p.time)) * (q.value - p.value) + p.value;
  };
  if (series.dataForm === 'currentValue') return Array<number>(n).fill(value(ref, Math.round(config.referenceStepMin * MINUTE)));
  const [a, b] = [ref + Math.round(series.horizonStartH * HOUR), ref + Math.round(series.horizonEndH * HOUR)];
  if (series.horizonMean)
    return Array<number>(n).fill(a < first || b > last ? NaN : mean(rows.filter(({ time }) => time >= a && time < b)));
  const instants = Array.from({ length: n }, (_, k) => a + Math.round(((b - a) * k) / (n - 1)));
  return instants.map((u, k) => value(u, k === 0 ? instants[1]! - instants[0]! : u - instants[k - 1]!));
}

/** Rows at uneven distances, some values missing. */
const seriesRows = fc
  .array(
    fc.record({
      gapMin: fc.oneof({ weight: 30, arbitrary: fc.constant(15) }, fc.integer({ min: 1, max: 40 })),
      value: fc.oneof({ weight: 40, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, fc.constant(NaN)),
    }),
    { minLength: 12, maxLength: 70, size: 'max' },
  )
  .map((parts) => {
    let time = START;
    return {
      times: Float64Array.from(parts, ({ gapMin }) => (time += gapMin * MINUTE)),
      values: Float64Array.from(parts, ({ value }) => value),
    };
  });

const horizon = fc
  .tuple(fc.constantFrom(-2, -1, -0.5, 0, 0.25, 1), fc.constantFrom(0.5, 1, 1.5, 4 / 3))
  .map(([start, length]) => ({ horizonStartH: start, horizonEndH: start + length }));
const rule = fc.record({
  alignment: fc.constantFrom('linear' as const, 'mean' as const, 'nearest' as const),
  horizonMean: fc.boolean(),
  dataForm: fc.constantFrom('historical' as const, 'historicalForecast' as const, 'currentValue' as const),
});
const config = fc.record({
  inputSteps: fc.integer({ min: 2, max: 9 }),
  outputSteps: fc.integer({ min: 2, max: 9 }),
  referenceStepMin: fc.constantFrom(5, 7, 7.5, 15, 30, 60, 100 / 7),
  referenceOffsetMin: fc.constantFrom(0, 3, 7.5, 59),
});
const groups = fc.subarray(['Y', 'M', 'W', 'D', 'H'] as const).chain((names) =>
  fc.tuple(
    ...names.map((group) =>
      fc
        .record({ localTime: fc.boolean(), dataForm: fc.constantFrom('horizon' as const, 'current' as const) })
        .map((choice): TimeGroupSettings => ({
          group,
          ...choice,
          horizonStartH: -3,
          horizonEndH: 0.5,
          scale: true,
          scaleMin: 0,
          scaleMax: 1,
          holidayCalendar: 'AT',
        })),
    ),
  ),
);
const session = fc.record({
  rows: fc.array(seriesRows, { minLength: 2, maxLength: 3 }),
  horizons: fc.array(horizon, { minLength: 3, maxLength: 3 }),
  rules: fc.array(rule, { minLength: 3, maxLength: 3 }),
  config,
  groups,
});

interface Session {
  series: Series[];
  settings: DatasetSettings;
}

function sessionOf({ rows, horizons, rules, config, groups }: typeof session extends fc.Arbitrary<infer T> ? T : never): Session {
  const settings = rows.map((_, i) =>
    seriesSettings(`s${i}`, i === rows.length - 1 ? 'output' : 'input', 0, 1, { ...horizons[i]!, ...rules[i]! }),
  );
  return {
    series: rows.map((one, i) => ({ ...one, label: settings[i]!.label, role: settings[i]!.role })),
    settings: { series: settings, steps: config, time: { timeZone: 'Europe/Vienna', groups } },
  };
}

/** null = no windows, the one refusal these small sessions can meet. */
function build({ series, settings }: Session, storage: 'compact' | 'materialised'): BuiltDataset | null {
  try {
    return buildDataset(series, settings, undefined, storage);
  } catch (error) {
    if (error instanceof PipelineError && error.findings[0]?.code === 'NO_WINDOWS') return null;
    throw error;
  }
}

describe('any session', () => {
  it('has exactly the windows that a plain search through the rows finds', () => {
    let windows = 0;
    fc.assert(
      fc.property(session, (drawn) => {
        const one = sessionOf(drawn);
        const expected = naive(one.series, one.settings);
        const dataset = build(one, 'compact');
        expect([...(dataset?.refTimes ?? [])]).toEqual(expected.refs);
        if (!dataset) return;
        windows += dataset.windowCount;
        const inputs = one.settings.series.filter(({ role }) => role === 'input').length;
        const errors: number[] = [];
        expected.windows.forEach((columns, w) =>
          columns.forEach((values, i) =>
            values.forEach((value, k) => {
              const column = i < inputs ? dataset.input.columns[i]! : dataset.output.columns[i - inputs]!;
              errors.push(Math.abs(column.value(w, k) - value) / Math.max(1, Math.abs(value)));
            }),
          ),
        );
        expect(errors.filter((error) => !(error <= 1e-9))).toEqual([]);
      }),
      { numRuns: 200, seed: 20240331 },
    );
    expect(windows).toBeGreaterThan(2000); // most sessions must have something to compare
  });

  it('has identical numbers whether compact, materialised or stored and read back', () => {
    fc.assert(
      fc.property(session, (drawn) => {
        const one = sessionOf(drawn);
        const compact = build(one, 'compact');
        const materialised = build(one, 'materialised');
        expect(compact === null).toBe(materialised === null);
        if (!compact || !materialised) return;
        expect(allValues(materialised)).toEqual(allValues(compact));
        expect(materialised.rejections).toEqual(compact.rejections);
        expect(ranges(materialised)).toEqual(ranges(compact));
        const stored = serializeDataset(compact);
        const bytes = Uint8Array.from(stored.columns.flatMap((part) => [...part]));
        const opened = openDataset(JSON.parse(JSON.stringify(stored.manifest)) as DatasetManifest, bytes);
        expect(allValues(opened)).toEqual(allValues(compact));
        expect([...opened.refTimes]).toEqual([...compact.refTimes]);
        expect({ ...opened, input: 0, output: 0, refTimes: 0 }).toEqual({ ...compact, input: 0, output: 0, refTimes: 0 });
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('accounts for every candidate: kept, or charged to one series for one reason', () => {
    fc.assert(
      fc.property(session, (drawn) => {
        const dataset = build(sessionOf(drawn), 'compact');
        if (!dataset) return;
        const rejected = dataset.rejections.reduce((sum, { outside, missing }) => sum + outside + missing, 0);
        expect(rejected + dataset.windowCount).toBe(dataset.candidateCount);
      }),
      { numRuns: 100, seed: 11 },
    );
  });
});

/** Ranges over all windows and over every second one. */
function ranges({ input, output, windowCount }: BuiltDataset) {
  const half = Array.from({ length: Math.ceil(windowCount / 2) }, (_, i) => 2 * i);
  return [...input.columns, ...output.columns].map((column) => [column.range(), column.range(half)]);
}
