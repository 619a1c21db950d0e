import { buildDataset, serializeDataset } from '../../../src/domain/dataset';
import type { BuiltDataset, WindowBlock } from '../../../src/domain/dataset';
import type { Series } from '../../../src/domain/series';
import type { DatasetSettings, SeriesSettings, StepConfig, TimeFeatureSettings } from '../../../src/domain/settings';

export const MINUTE = 60e6;
export const HOUR = 60 * MINUTE;
export const utc = (text: string) => Date.parse(text.replace(' ', 'T') + 'Z') * 1000;
export const NO_TIME: TimeFeatureSettings = { timeZone: 'UTC', groups: [] };

export function seriesSettings(
  label: string,
  role: 'input' | 'output',
  start: number,
  end: number,
  change: Partial<SeriesSettings> = {},
): SeriesSettings {
  return {
    label,
    role,
    dataForm: 'historical',
    horizonStartH: start,
    horizonEndH: end,
    horizonDefaulted: false,
    alignment: 'linear',
    horizonMean: false,
    scale: true,
    scaleMin: 0,
    scaleMax: 1,
    ...change,
  };
}

export function steps(inputSteps: number, outputSteps: number, referenceStepMin: number, referenceOffsetMin = 0): StepConfig {
  return { inputSteps, outputSteps, referenceStepMin, referenceOffsetMin };
}

export function rows(label: string, role: 'input' | 'output', start: number, stepMin: number, values: readonly number[]): Series {
  return { label, role, times: Float64Array.from(values, (_, i) => start + i * stepMin * MINUTE), values: Float64Array.from(values) };
}

/** Values of one window of a column. */
export function window(block: WindowBlock, index: number, column = 0): number[] {
  return Array.from({ length: block.steps }, (_, k) => block.columns[column]!.value(index, k));
}

/** All values of a dataset, row-major per side. */
export function allValues({ input, output, windowCount }: BuiltDataset): number[][][][] {
  return [input, output].map((block) => Array.from({ length: windowCount }, (_, w) => block.columns.map((_, j) => window(block, w, j))));
}

/** Series A and B of pipeline.md 22. */
const A = rows(
  'A',
  'input',
  utc('2024-01-01 00:07'),
  15,
  Array.from({ length: 97 }, (_, i) => i ** 1.5),
);
const B = rows(
  'B',
  'output',
  utc('2024-01-01 00:00'),
  15,
  Array.from({ length: 100 }, (_, i) => (i === 40 ? NaN : 100 - 0.3 * i)),
);

export function checkDataset(
  config: StepConfig,
  change: Partial<SeriesSettings> = {},
  storage: 'compact' | 'materialised' = 'compact',
): BuiltDataset {
  const settings: DatasetSettings = {
    series: [seriesSettings('A', 'input', -1, 0, change), seriesSettings('B', 'output', 0, 1, change)],
    steps: config,
    time: NO_TIME,
  };
  return buildDataset([A, B], settings, undefined, storage);
}

const golden = (f: (i: number) => number) => Array.from({ length: 480 }, (_, i) => Number(f(i).toFixed(3)));
const goldenA = golden((i) => 50 + 20 * Math.sin((2 * Math.PI * i) / 96) + (i % 7));
const goldenB = golden((i) => 10 + 8 * Math.cos((2 * Math.PI * i) / 96) - 0.01 * i);
const goldenC = golden((i) => 0.6 * goldenA[i]! + 1.5 * goldenB[i]! + 5 + ((37 * i) % 11) / 10);
const goldenD = golden((i) => 30 - 0.2 * goldenA[i]! + ((13 * i) % 5) / 4);

/** The series of the golden example, pipeline.md 21.1. */
export const GOLDEN_SERIES: Series[] = [
  rows('A', 'input', utc('2024-03-30 00:00'), 15, goldenA),
  rows(
    'B',
    'input',
    utc('2024-03-30 00:00'),
    15,
    goldenB.map((value, i) => (i === 200 ? NaN : value)),
  ),
  rows('C', 'output', utc('2024-03-30 00:00'), 15, goldenC),
  rows('D', 'output', utc('2024-03-30 00:00'), 15, goldenD),
];

export const GOLDEN_SETTINGS: DatasetSettings = {
  series: [
    seriesSettings('A', 'input', -3, 0),
    seriesSettings('B', 'input', 0, 3),
    seriesSettings('C', 'output', 0, 3),
    seriesSettings('D', 'output', 0, 3),
  ],
  steps: steps(13, 13, 15),
  time: NO_TIME,
};

/** A dataset as it is stored, its columns.bin read piece by piece; tells the sizes of the pieces. */
export function stored(dataset: BuiltDataset) {
  const { manifest, columns } = serializeDataset(dataset);
  const numbers = new Float64Array(Uint8Array.from(Buffer.concat(columns)).buffer);
  const sizes: number[] = [];
  const read = (first: number, count: number) => {
    if (first < 0 || first + count > numbers.length) throw new RangeError('outside the file');
    sizes.push(count);
    return Promise.resolve(numbers.slice(first, first + count));
  };
  return { manifest, read, sizes };
}
