import {
  buildDataset,
  candidateCount,
  checkFeasibility,
  datasetKeyText,
  estimateCells,
  manifestFor,
  openDataset,
  PIPELINE_VERSION,
  serializeDataset,
} from '../../../src/domain/dataset';
import { PipelineError } from '../../../src/domain/findings';
import type { DatasetSettings, TimeFeatureSettings, TimeGroupSettings } from '../../../src/domain/settings';
import { allValues, checkDataset, GOLDEN_SERIES, GOLDEN_SETTINGS, NO_TIME, rows, seriesSettings, steps, utc } from './support';

const START = utc('2024-01-01 00:00');
const LIMITS = { maxReferenceTimes: 5_000_000, maxArrayCells: 1e9, maxArrayBytes: 4 * 1024 ** 3 };
const goldenRanges = GOLDEN_SERIES.map(({ times }) => ({ firstTime: times[0]!, lastTime: times[times.length - 1]! }));

const refusalOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('bounds (pipeline.md 9.3)', () => {
  it('counts candidates from time ranges alone: missing values do not show', () => {
    expect(candidateCount(GOLDEN_SETTINGS, goldenRanges)).toEqual({ references: 480, windows: 456 });
    expect(estimateCells(GOLDEN_SETTINGS, 443)).toBe(443 * (13 * 2 + 13 * 2));
    expect(checkFeasibility(GOLDEN_SETTINGS, goldenRanges)).toEqual([]);
  });

  it('refuses more cells, references or bytes than allowed', () => {
    const refuse = (change: Partial<typeof LIMITS>) =>
      refusalOf(() => buildDataset(GOLDEN_SERIES, GOLDEN_SETTINGS, { ...LIMITS, ...change }));
    expect(refuse({ maxArrayCells: 456 * 52 - 1 }).findings).toMatchObject([
      { code: 'TOO_MANY_CELLS', context: { cells: 456 * 52, cap: 456 * 52 - 1, n_c: 456, I_N: 13, O_N: 13, n_ft_i: 2, n_ft_o: 2 } },
    ]);
    expect(refuse({ maxReferenceTimes: 479 }).findings).toMatchObject([{ code: 'TOO_MANY_REFERENCES', context: { count: 480, cap: 479 } }]);
    expect(refuse({ maxArrayBytes: 4 * 8 * 455 - 1 }).findings).toMatchObject([
      { code: 'TOO_MANY_CELLS', context: { cap: 4 * 8 * 455 - 1 } },
    ]);
    expect(refuse({ maxArrayCells: 1 }).notFeasible).toBe(true);
    expect(buildDataset(GOLDEN_SERIES, GOLDEN_SETTINGS, { ...LIMITS, maxArrayCells: 456 * 52 }).windowCount).toBe(443);
  });

  it('knows billions of references without walking them', () => {
    const settings = { ...GOLDEN_SETTINGS, steps: steps(13, 13, 1 / 60) };
    const ranges = goldenRanges.map(() => ({ firstTime: utc('1900-01-01 00:00'), lastTime: utc('2100-01-01 00:00') }));
    expect(candidateCount(settings, ranges).references).toBe(73_049 * 86_400 + 1);
    expect(checkFeasibility(settings, ranges)).toMatchObject([{ code: 'TOO_MANY_REFERENCES' }]);
  });

  it('explains why no window exists', () => {
    const settings: DatasetSettings = {
      series: [seriesSettings('A', 'input', -1, 0), seriesSettings('B', 'output', 0, 1)],
      steps: steps(2, 2, 60),
      time: NO_TIME,
    };
    const apart = [
      rows('A', 'input', START, 15, Array<number>(20).fill(1)),
      rows('B', 'output', utc('2025-06-01 00:00'), 15, Array<number>(20).fill(1)),
    ];
    const outside = refusalOf(() => buildDataset(apart, settings)).findings[0]!;
    expect(outside).toMatchObject({
      code: 'NO_WINDOWS',
      context: {
        candidates: 5,
        rejections: [
          { label: 'A', role: 'input', outside: 1, missing: 0 },
          { label: 'B', role: 'output', outside: 4, missing: 0 },
        ],
        ranges: [
          { label: 'A', role: 'input', first: '2024-01-01 00:00:00', last: '2024-01-01 04:45:00' },
          { label: 'B', role: 'output', first: '2025-06-01 00:00:00', last: '2025-06-01 04:45:00' },
        ],
      },
    });
    const empty = [rows('A', 'input', START, 15, Array<number>(20).fill(NaN)), rows('B', 'output', START, 15, Array<number>(20).fill(1))];
    expect(refusalOf(() => buildDataset(empty, settings)).findings[0]).toMatchObject({
      code: 'NO_WINDOWS',
      context: {
        rejections: [
          { outside: 1, missing: 4 },
          { outside: 0, missing: 0 },
        ],
      },
    });
  });
});

describe('columns', () => {
  it('finds series by role and label, in the order of the settings', () => {
    const dataset = buildDataset([...GOLDEN_SERIES].reverse(), GOLDEN_SETTINGS);
    expect(dataset.input.columns.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(() => buildDataset(GOLDEN_SERIES.slice(1), GOLDEN_SETTINGS)).toThrow('no rows given for input series "A"');
  });

  it('appends time columns to the input and repeats those of the current time', () => {
    const scaled = { scale: false, scaleMin: 0, scaleMax: 1, horizonStartH: -3, horizonEndH: 0, localTime: false };
    const dataset = buildDataset(GOLDEN_SERIES, {
      ...GOLDEN_SETTINGS,
      time: {
        timeZone: 'UTC',
        groups: [
          { group: 'D', dataForm: 'horizon', ...scaled },
          { group: 'H', dataForm: 'current', holidayCalendar: 'AT', ...scaled },
        ],
      },
    });
    expect(dataset.input.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['A', 'series'],
      ['B', 'series'],
      ['D_sin', 'time'],
      ['D_cos', 'time'],
      ['Holiday', 'time'],
    ]);
    const [, , sine, , holiday] = dataset.input.columns;
    expect(sine!.value(0, 0)).toBeCloseTo(0, 10); // the first window, of 03:00, begins at midnight
    expect(sine!.value(0, 12)).toBeCloseTo(Math.SQRT1_2, 10);
    const windows = ['2024-03-31 22:45', '2024-04-01 03:00'].map((ref) => dataset.refTimes.indexOf(utc(ref))); // Easter Sunday and Monday
    expect(windows.map((w) => [holiday!.value(w, 0), holiday!.value(w, 12)])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('materialises where the windows share no grid', () => {
    const dataset = checkDataset(steps(8, 10, 15, 7)); // 60/7 minutes are no whole number of microseconds
    expect(dataset.input.columns[0]!.layout).toMatchObject({ windowStride: 8, stepStride: 1, positions: null });
    expect(dataset.output.columns[0]!.layout).toMatchObject({ windowStride: 9, stepStride: 4 }); // 60/9 minutes are 400 s: cells of 100 s serve 900 s too
  });
});

describe('stored datasets', () => {
  const dataset = buildDataset(GOLDEN_SERIES, GOLDEN_SETTINGS);
  const stored = serializeDataset(dataset, 'abc');
  const bytes = Uint8Array.from(stored.columns.flatMap((part) => [...part]));

  it('announces the exact size', () => {
    expect(bytes.byteLength).toBe(stored.manifest.byteLength);
    expect(stored.manifest).toMatchObject({ pipelineVersion: PIPELINE_VERSION, cacheKey: 'abc', windowCount: 443, candidateCount: 480 });
  });

  it('opens from unaligned bytes', () => {
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(allValues(openDataset(stored.manifest, shifted.subarray(1)))).toEqual(allValues(dataset));
  });

  it('refuses parts that do not belong together', () => {
    expect(() => openDataset(stored.manifest, bytes.subarray(8))).toThrow('its manifest says');
    expect(() => openDataset({ ...stored.manifest, pipelineVersion: '0' }, bytes)).toThrow('builder version 0');
  });

  it('takes the scaling and the warnings of the job that uses it', () => {
    const [a, ...others] = GOLDEN_SETTINGS.series;
    const settings = {
      ...GOLDEN_SETTINGS,
      series: [{ ...a!, scaleMin: -1, scaleMax: 2, horizonDefaulted: true }, ...others.map((one) => ({ ...one, scale: false }))],
    };
    const opened = openDataset(manifestFor(stored.manifest, settings), bytes);
    expect(opened.input.columns.map(({ scale, scaleMin, scaleMax }) => [scale, scaleMin, scaleMax])).toEqual([
      [true, -1, 2],
      [false, 0, 1],
    ]);
    expect(opened.output.columns.map(({ scale }) => scale)).toEqual([false, false]);
    expect(opened.warnings).toMatchObject([{ code: 'DEFAULT_HORIZON', context: { label: 'A' } }]);
    expect(stored.manifest.columns.every(({ scale }) => scale)).toBe(true);
  });
});

describe('cache key (pipeline.md 9.4)', () => {
  const files = ['a', 'b', 'c', 'd'].map((sha256) => ({ sha256, columnHeader: null as string | null }));
  const key = (change: Partial<DatasetSettings> = {}, changedFiles = files) =>
    datasetKeyText(changedFiles, { ...GOLDEN_SETTINGS, ...change });
  const [first, ...rest] = GOLDEN_SETTINGS.series;
  const ofHolidays = (change: Partial<TimeGroupSettings> = {}): TimeFeatureSettings => ({
    timeZone: 'UTC',
    groups: [
      {
        group: 'H',
        localTime: false,
        dataForm: 'current',
        horizonStartH: -1,
        horizonEndH: 0,
        scale: true,
        scaleMin: 0,
        scaleMax: 1,
        holidayCalendar: 'AT',
        ...change,
      },
    ],
  });

  it('is the same whatever order the settings were written in, and without scaling', () => {
    const reversed = GOLDEN_SETTINGS.series.map((one) => Object.fromEntries(Object.entries(one).reverse()) as unknown as typeof one);
    expect(key({ series: reversed })).toBe(key());
    expect(key({ series: GOLDEN_SETTINGS.series.map((one) => ({ ...one, scale: false, scaleMin: -7 })) })).toBe(key());
  });

  it.each<[string, string]>([
    ['content', key({}, [{ sha256: 'x', columnHeader: null }, ...files.slice(1)])],
    ['chosen column', key({}, [{ sha256: 'a', columnHeader: 'v' }, ...files.slice(1)])],
    ['order', key({ series: [rest[0]!, first!, ...rest.slice(1)] })],
    ['label', key({ series: [{ ...first!, label: 'Z' }, ...rest] })],
    ['horizon', key({ series: [{ ...first!, horizonEndH: 0.5 }, ...rest] })],
    ['alignment', key({ series: [{ ...first!, alignment: 'nearest' }, ...rest] })],
    ['mean', key({ series: [{ ...first!, horizonMean: true }, ...rest] })],
    ['role', key({ series: [{ ...first!, role: 'output' }, ...rest] })],
    ['data form', key({ series: [{ ...first!, dataForm: 'historicalForecast' }, ...rest] })],
    ['steps', key({ steps: steps(13, 13, 15, 1) })],
    ['zone', key({ time: { timeZone: 'Europe/Vienna', groups: [] } })],
    ['time group', key({ time: ofHolidays() })],
  ])('differs by %s', (_, other) => expect(other).not.toBe(key()));

  it.each<[string, Partial<TimeGroupSettings>]>([
    ['calendar', { holidayCalendar: 'DE-BY' }],
    ['local time', { localTime: true }],
    ['data form', { dataForm: 'horizon' }],
    ['horizon', { horizonStartH: -2 }],
  ])('differs by the %s of a time group, not by its scaling', (_, change) => {
    const plain = key({ time: ofHolidays() });
    expect(key({ time: ofHolidays(change) })).not.toBe(plain);
    expect(key({ time: ofHolidays({ scale: false, scaleMax: 9 }) })).toBe(plain);
  });
});
