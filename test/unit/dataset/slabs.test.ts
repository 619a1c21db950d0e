import { buildDataset, windowSlabs } from '../../../src/domain/dataset';
import type { BuiltDataset } from '../../../src/domain/dataset';
import { denseArray, npz, npzSize, trainingArraysSize, trainingArraysStream, windowArray } from '../../../src/domain/artefacts';
import type { NpyArray } from '../../../src/domain/artefacts';
import type { TimeFeatureSettings } from '../../../src/domain/settings';
import { allValues, GOLDEN_SERIES, GOLDEN_SETTINGS, steps, stored } from './support';

/** Day phase over the window, week phase repeated: a compact and a constant time column beside the series. */
const time: TimeFeatureSettings = {
  timeZone: 'UTC',
  groups: (['W', 'D'] as const).map((group) => ({
    group,
    localTime: false,
    dataForm: group === 'D' ? ('horizon' as const) : ('current' as const),
    horizonStartH: -3,
    horizonEndH: 0,
    scale: true,
    scaleMin: 0,
    scaleMax: 1,
    holidayCalendar: 'AT',
  })),
};
const SETTINGS = { ...GOLDEN_SETTINGS, time };
const CASES: [string, BuiltDataset][] = [
  ['compact', buildDataset(GOLDEN_SERIES, SETTINGS)],
  ['materialised', buildDataset(GOLDEN_SERIES, SETTINGS, undefined, 'materialised')],
  ['of an odd step', buildDataset(GOLDEN_SERIES, { ...SETTINGS, steps: steps(8, 10, 7) })],
];

/** The arrays of the dataset in memory. */
const arraysOf = ({ windowCount, input, output, refTimes }: BuiltDataset): NpyArray[] => {
  const all = Int32Array.from({ length: windowCount }, (_, window) => window);
  return [
    windowArray('i_array_3D', input, all),
    windowArray('o_array_3D', output, all),
    denseArray('utc_ref_log', refTimes, [windowCount], '<M8[us]'),
  ];
};

describe.each(CASES)('a stored dataset read in slabs, %s', (_, dataset) => {
  it.each([1, 40, 333, 1e9])('has the same windows with at most %i numbers at a time', async (most) => {
    const { manifest, read, sizes } = stored(dataset);
    const sides: number[][][][] = [];
    for (const side of ['input', 'output'] as const) {
      const windows: number[][][] = [];
      for await (const { block, windowCount } of windowSlabs(manifest, side, dataset.refTimes, read, most)) {
        for (let w = 0; w < windowCount; w += 1)
          windows.push(block.columns.map((column) => Array.from({ length: block.steps }, (__, k) => column.value(w, k))));
      }
      sides.push(windows);
    }
    expect(sides).toEqual(allValues(dataset));
    const oneWindow = 181; // three hours in cells of a minute, where 7 and 180/7 minutes meet
    expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.max(most, oneWindow));
  });

  it('gives an archive of the very bytes that the dataset in memory gives', async () => {
    const { manifest, read } = stored(dataset);
    const chunks: Uint8Array[] = [];
    for await (const chunk of trainingArraysStream(manifest, read)) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(Buffer.concat([...npz(arraysOf(dataset))]))).toBe(true);
  });

  it('knows the size of that archive from the shapes alone', () => {
    const shape = ({ steps: length, columns }: BuiltDataset['input']) => ({ steps: length, columns: columns.length });
    const { windowCount, input, output } = dataset;
    expect(trainingArraysSize({ windowCount, input: shape(input), output: shape(output) })).toBe(npzSize(arraysOf(dataset)));
  });
});
