import fs from 'node:fs';
import { z } from 'zod';
import { TrainingError } from '../errors';
import { layerConfigs } from '../exports/kerasConfig';
import { elementCount } from '../networks';
import type { Network } from '../networks';
import type { LinearModelDocument, SvrModelDocument } from '../../domain/models';

const Layers = z.object({
  modelTopology: z.object({ config: z.object({ layers: z.array(z.unknown()) }) }),
  weightsManifest: z.tuple([z.object({ weights: z.array(z.object({ name: z.string(), shape: z.array(z.number()) })) })]),
});

const numbers = z.array(z.number());
const Linear = z.object({
  schema_version: z.literal(1),
  model_type: z.literal('LIN'),
  input_columns: z.array(z.string()),
  rows: z.number(),
  outputs: z.array(
    z.object({
      name: z.string(),
      column_names: z.array(z.string()),
      coefficients: numbers,
      intercept: z.number(),
      rank: z.number(),
      singular_values: numbers,
    }),
  ),
});

const Svr = z.object({
  schema_version: z.literal(1),
  model_type: z.literal('SVR'),
  input_columns: z.array(z.string()),
  rows: z.object({ rows_total: z.number(), rows_used: z.number(), seed: z.number() }),
  standardisation: z.object({ means: numbers, deviations: numbers }),
  outputs: z.array(
    z.object({
      name: z.string(),
      column_names: z.array(z.string()),
      kernel: z.enum(['linear', 'poly', 'rbf', 'sigmoid']),
      gamma: z.number(),
      degree: z.number().int().min(1),
      coef0: z.number(),
      c: z.number(),
      epsilon: z.number(),
      support_vectors: z.array(numbers),
      dual_coefficients: numbers,
      bias: z.number(),
      support_rows: z.object({ fewest: z.number(), most: z.number() }),
    }),
  ),
});

/**
 * Weights of a stored TensorFlow.js model. Only what Lastgang wrote for this very network is read: nothing in the file decides what is calculated.
 *
 * @param network the network the model's settings describe
 * @throws TrainingError INTERNAL_ERROR when the files are damaged or describe another network
 */
export function readStoredNetwork(network: Network, jsonFile: string, binFile: string): Float32Array[] {
  const model = Layers.safeParse(readJson(jsonFile));
  if (!model.success) throw unreadable('it is no TensorFlow.js model');
  const { modelTopology, weightsManifest } = model.data;
  const described = weightsManifest[0].weights.map(({ name, shape }) => ({ name, shape }));
  const wanted = network.weights.map(({ name, shape }) => ({ name, shape }));
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (!same(modelTopology.config.layers, layerConfigs(network)) || !same(described, wanted))
    throw unreadable('it holds another network than its settings describe');
  const bytes = fs.readFileSync(binFile);
  const total = wanted.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (bytes.length !== 4 * total) throw unreadable(`its weights have ${bytes.length} bytes instead of ${4 * total}`);
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  let used = 0;
  return wanted.map(({ shape }) => all.slice(used, (used += elementCount(shape))));
}

/** @throws TrainingError INTERNAL_ERROR when the file is no linear model */
export function readStoredLinear(jsonFile: string): LinearModelDocument {
  const model = Linear.safeParse(readJson(jsonFile));
  if (!model.success) throw unreadable('it is no linear model');
  if (model.data.outputs.some(({ coefficients }) => coefficients.length !== model.data.input_columns.length))
    throw unreadable('its coefficients do not match its columns');
  return model.data;
}

/** @throws TrainingError INTERNAL_ERROR when the file is no support vector model */
export function readStoredSvr(jsonFile: string): SvrModelDocument {
  const model = Svr.safeParse(readJson(jsonFile));
  if (!model.success) throw unreadable('it is no support vector model');
  const { input_columns: columns, standardisation, outputs } = model.data;
  const vectors = outputs.flatMap((output) => output.support_vectors);
  const lists = [standardisation.means, standardisation.deviations, ...vectors];
  const paired = outputs.every((output) => output.support_vectors.length === output.dual_coefficients.length);
  if (!paired || lists.some((list) => list.length !== columns.length))
    throw unreadable('its support vectors do not match its columns or coefficients');
  return model.data;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable('it is no JSON');
    throw error;
  }
}

const unreadable = (reason: string): TrainingError => new TrainingError('INTERNAL_ERROR', `The stored model cannot be used: ${reason}`);
