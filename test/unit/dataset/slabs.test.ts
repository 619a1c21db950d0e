import { buildDataset, serializeDataset, windowSlabs } from '../../../src/domain/dataset';
import type { BuiltDataset } from '../../../src/domain/dataset';
import { npz, npzSize, trainingArrays, trainingArraysSize, trainingArraysStream } from '../../../src/domain/artefacts';
import type { TimeFeatureSettings } from '../../../src/domain/settings';
import { allValues, GOLDEN_SERIES, GOLDEN_SETTINGS, steps } from './support';

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

/** columns.bin as it is stored, read piece by piece; tells the largest piece. */
function stored(dataset: BuiltDataset) {
  const { manifest, columns } = serializeDataset(dataset);
  const bytes = Buffer.concat(columns);
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const sizes: number[] = [];
  const read = (first: number, count: number) => {
    if (first < 0 || first + count > numbers.length) throw new RangeError('outside the file');
    sizes.push(count);
    return Promise.resolve(numbers.slice(first, first + count));
  };
  return { manifest, read, sizes };
}

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
    expect(Buffer.concat(chunks).equals(Buffer.concat([...npz(trainingArrays(dataset))]))).toBe(true);
  });

  it('knows the size of that archive from the shapes alone', () => {
    const shape = ({ steps: length, columns }: BuiltDataset['input']) => ({ steps: length, columns: columns.length });
    const { windowCount, input, output } = dataset;
    expect(trainingArraysSize({ windowCount, input: shape(input), output: shape(output) })).toBe(npzSize(trainingArrays(dataset)));
  });
});
