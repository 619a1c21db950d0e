import { Readable } from 'node:stream';
import type { Config } from '../../config';
import { windowArray } from '../../domain/artefacts';
import type { WindowDataset } from '../../domain/dataset/types';
import { splitParts, splitSamples } from '../../domain/split';
import type { DatasetRow, ResultRow, Store } from '../../store';
import { openStoredDataset } from '../datasets';
import type { LinkedDocument } from './document';
import { missingArrays, translateMissing } from './missing';
import { nestedJson } from './nestedJson';
import { readNpz } from './npzReader';
import { storedSplit } from './split';

export const ARRAY_SETS = ['train', 'val', 'test'] as const;
export type ArraySet = (typeof ARRAY_SETS)[number];

const ARRAY_NAMES = ['X', 'y', 'X_orig', 'y_orig'];

type Reading = { store: Pick<Store, 'objects'>; config: Pick<Config, 'BUCKET_RESULTS'> };
type Pieces = AsyncGenerator<string, void>;

export interface RunWithArrays {
  row: ResultRow;
  document: LinkedDocument;
  /** the session's current dataset: train and validation arrays follow from it and the stored split */
  dataset: DatasetRow | null;
}

/**
 * The answer of route 26 with `train_data`, `val_data` and `test_data` written behind the light document, in constant memory.
 * @param body the light answer of this one run; `results` and the document in it are the last keys
 * @throws ApiError STORAGE_UNAVAILABLE before the first byte when an arrays object is missing
 */
export async function streamWithArrays(reading: Reading, run: RunWithArrays, sets: readonly ArraySet[], body: object): Promise<Readable> {
  const fromDataset = sets.some((set) => set !== 'test') ? await partsOfDataset(reading, run) : null;
  const testArrays = sets.includes('test') ? await openTestArrays(reading, run.row) : null;

  async function* text(): Pieces {
    const light = JSON.stringify(body);
    yield light.slice(0, -END_OF_DOCUMENT.length);
    for (const set of ARRAY_SETS.filter((one) => sets.includes(one))) {
      yield `,"${set}_data":{`;
      if (set === 'test') yield* members(readNpz(testArrays!));
      else yield* members(windowsOf(fromDataset!, set));
      yield '}';
    }
    yield END_OF_DOCUMENT;
  }
  return Readable.from(text(), { objectMode: false });
}

/** closes the document, its run, the list of runs and the answer */
const END_OF_DOCUMENT = '}}]}';

interface NamedArray {
  name: string;
  shape: readonly number[];
  values: AsyncIterable<Float64Array> | Iterable<Float64Array>;
}

async function* members(arrays: AsyncIterable<NamedArray> | Iterable<NamedArray>): Pieces {
  let separator = '';
  for await (const { name, shape, values } of arrays) {
    if (!ARRAY_NAMES.includes(name)) continue;
    yield `${separator}"${name}":`;
    yield* nestedJson(shape, values);
    separator = ',';
  }
}

interface DatasetParts {
  dataset: WindowDataset;
  parts: { train: Int32Array; val: Int32Array };
  scalers: LinkedDocument['scalers'];
}

function* windowsOf({ dataset, parts, scalers }: DatasetParts, set: 'train' | 'val'): Generator<NamedArray, void> {
  const windows = parts[set];
  const arrays = [
    windowArray('X', dataset.input, windows, scalers.input),
    windowArray('y', dataset.output, windows, scalers.output),
    windowArray('X_orig', dataset.input, windows),
    windowArray('y_orig', dataset.output, windows),
  ];
  for (const array of arrays) yield { name: array.name, shape: array.shape, values: array.chunks() };
}

async function partsOfDataset(reading: Reading, { document, dataset: row }: RunWithArrays): Promise<DatasetParts> {
  // a session keeps one dataset: after a change of its files or settings the arrays of an older run cannot be made again
  if (row?.content_hash !== document.metadata.dataset_hash) throw missingArrays();
  const dataset = await openStoredDataset(reading, row.object_path).catch(translateMissing);
  const { train, validation: val } = splitParts(splitSamples(dataset.windowCount, storedSplit(document), { validation: false }));
  return { dataset, parts: { train, val }, scalers: document.scalers };
}

async function openTestArrays({ store, config }: Reading, { arrays_file_path: path }: ResultRow): Promise<Readable> {
  if (path === null) throw missingArrays();
  return store.objects.get(config.BUCKET_RESULTS, path).catch(translateMissing);
}
