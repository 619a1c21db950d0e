import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { LinearModelDocument, SvrModelDocument } from '../../domain/models';
import type { Network } from '../networks';
import type { ModelFile } from '../types';
import { writeKerasH5 } from './kerasH5';
import { writeKerasZip } from './kerasZip';
import { writeTfjsModel } from './tfjsModel';

/** A session has one dataset; the name keeps the place of it in file names. */
const DATASET_NAME = 'default';

export interface ModelTarget {
  folder: string;
  /** internal name of the model, e.g. `AR LSTM` */
  modelClass: string;
  /** `YYYYMMDD_HHMMSS` */
  stamp: string;
}

/** Keras `.h5` and `.keras`, and TensorFlow.js `.json` with `.bin`: the same weights four times; the first one is the one to download. */
export async function saveNetwork(network: Network, weights: readonly Float32Array[], target: ModelTarget): Promise<ModelFile[]> {
  fs.mkdirSync(target.folder, { recursive: true });
  await writeKerasH5(network, weights, pathOf(target, 'h5'));
  await writeKerasZip(network, weights, pathOf(target, 'keras'), dateOf(target.stamp));
  writeTfjsModel(network, weights, pathOf(target, 'json'), pathOf(target, 'bin'));
  return Promise.all((['h5', 'keras', 'json', 'bin'] as const).map((format) => describe(target, format)));
}

/** The linear model as its JSON document. */
export const saveLinear = (model: LinearModelDocument, target: ModelTarget): Promise<ModelFile[]> => saveDocument(model, target);

/** The support vector model as its JSON document. */
export const saveSvr = (model: SvrModelDocument, target: ModelTarget): Promise<ModelFile[]> => saveDocument(model, target);

async function saveDocument(model: LinearModelDocument | SvrModelDocument, target: ModelTarget): Promise<ModelFile[]> {
  fs.mkdirSync(target.folder, { recursive: true });
  fs.writeFileSync(pathOf(target, 'json'), JSON.stringify(model));
  return [await describe(target, 'json')];
}

/** `{model_class}_{dataset}_{stamp}.{ext}`, lower case, only a–z, 0–9, `_`, `.` and `-`. */
export const modelFilename = ({ modelClass, stamp }: Pick<ModelTarget, 'modelClass' | 'stamp'>, format: ModelFile['format']): string =>
  `${modelClass}_${DATASET_NAME}_${stamp}.${format}`.toLowerCase().replace(/[^a-z0-9_.-]/g, '_');

const pathOf = (target: ModelTarget, format: ModelFile['format']): string => path.join(target.folder, modelFilename(target, format));

async function describe(target: ModelTarget, format: ModelFile['format']): Promise<ModelFile> {
  const file = pathOf(target, format);
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(file), hash);
  return {
    filename: path.basename(file),
    modelClass: target.modelClass,
    datasetName: DATASET_NAME,
    format,
    path: file,
    sizeBytes: fs.statSync(file).size,
    sha256: hash.digest('hex'),
  };
}

/** Not the clock: the same run must write the same bytes again after a crash. */
function dateOf(stamp: string): Date {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/.exec(stamp) ?? [];
  return new Date(Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)));
}
