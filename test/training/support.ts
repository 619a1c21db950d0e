import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildDataset, serializeDataset } from '../../src/domain/dataset';
import type { WindowDataset } from '../../src/domain/dataset';
import type { Series } from '../../src/domain/series';
import type { Activation, DatasetSettings, ModelSettings, Role } from '../../src/domain/settings/types';
import type { ChildMessage, TrainingOutput, TrainingSpec } from '../../src/training';

const HOUR_US = 3_600_000_000;
const START = Date.UTC(2024, 0, 1) * 1000;

/** Two measured inputs and a target that follows them exactly: y = 2·a − 0.5·b + 3, hour by hour. */
export function hourlySeries(hours: number): Series[] {
  const times = Float64Array.from({ length: hours }, (_, i) => START + i * HOUR_US);
  const column = (label: string, role: Role, value: (i: number) => number): Series => ({
    label,
    role,
    times,
    values: Float64Array.from(times, (_, i) => value(i)),
  });
  const a = (i: number): number => 10 + 5 * Math.sin(i * 0.31) + (i % 7);
  const b = (i: number): number => 100 + 40 * Math.cos(i * 0.057) + ((i * i) % 11);
  return [column('a', 'input', a), column('b', 'input', b), column('y', 'output', (i) => 2 * a(i) - 0.5 * b(i) + 3)];
}

export const SETTINGS: DatasetSettings = {
  series: (['a', 'b', 'y'] as const).map((label) => ({
    label,
    role: label === 'y' ? 'output' : 'input',
    dataForm: 'historical',
    horizonStartH: 0,
    horizonEndH: 11,
    horizonDefaulted: false,
    alignment: 'linear',
    horizonMean: false,
    scale: true,
    scaleMin: 0,
    scaleMax: 1,
  })),
  steps: { inputSteps: 12, outputSteps: 12, referenceStepMin: 60, referenceOffsetMin: 0 },
  time: { timeZone: 'UTC', groups: [] },
};

export interface TestDataset {
  dir: string;
  dataset: WindowDataset;
}

/** A dataset of about `hours` windows (12 × 2 → 12 × 1), stored as the training child reads it. */
export function storeDataset(hours: number): TestDataset {
  const dir = temporaryFolder('dataset');
  const dataset = buildDataset(hourlySeries(hours), SETTINGS);
  const { manifest, columns } = serializeDataset(dataset);
  fs.writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(dir, 'columns.bin'), Buffer.concat(columns));
  return { dir, dataset };
}

export const dense = (epochs: number, units = 16, layers = 2, activation: Activation = 'relu'): ModelSettings => ({
  kind: 'Dense',
  layers,
  units,
  epochs,
  activation,
});

export const cnn = (epochs: number, units = 8, layers = 2, activation: Activation = 'relu', kernelEdge = 3): ModelSettings => ({
  kind: 'CNN',
  layers,
  units,
  epochs,
  activation,
  kernelEdge,
});

export const lstm = (
  epochs: number,
  units = 8,
  layers = 2,
  activation: Activation = 'tanh',
  kind: 'LSTM' | 'AR LSTM' = 'LSTM',
): ModelSettings => ({ kind, layers, units, epochs, activation });

export const svr = (changes: Partial<Extract<ModelSettings, { kind: 'SVR' }>> = {}): ModelSettings => ({
  kind: 'SVR',
  strategy: 'MIMO',
  kernel: 'rbf',
  c: 1,
  epsilon: 0.01,
  subsample: null,
  ...changes,
});

export const LIMITS: TrainingSpec['limits'] = { maxModelParameters: 100_000_000, svrMaxRows: 20_000, svrCacheBytes: 2 ** 28 };

export function specFor({ dir }: TestDataset, model: ModelSettings, overrides: Partial<TrainingSpec> = {}): TrainingSpec {
  return {
    runId: 'run-1',
    datasetDir: dir,
    outDir: temporaryFolder('out'),
    resumeDir: null,
    settings: {
      model,
      modeAsSent: model.kind,
      parameters: {},
      split: { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' },
    },
    stamp: '20240131_120500',
    limits: LIMITS,
    backend: 'auto',
    ...overrides,
  };
}

/** Row-major (window, step, output): validation windows, then test windows. */
export function readForecast({ forecastFile }: TrainingOutput): Float64Array {
  const bytes = fs.readFileSync(forecastFile);
  return new Float64Array(Uint8Array.from(bytes).buffer);
}

export const ofType = <T extends ChildMessage['type']>(messages: readonly ChildMessage[], type: T): Extract<ChildMessage, { type: T }>[] =>
  messages.filter((message): message is Extract<ChildMessage, { type: T }> => message.type === type);

const folders: string[] = [];

export function temporaryFolder(name: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `lastgang-test-${name}-`));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

export const ACTIVATIONS: Activation[] = [
  'relu',
  'sigmoid',
  'tanh',
  'linear',
  'softmax',
  'elu',
  'selu',
  'softplus',
  'softsign',
  'swish',
  'gelu',
];

/** Whether `npm run native:install` has linked TensorFlow here; where it cannot, WebAssembly is all there is to test. */
export const NATIVE_LINKED = fs.existsSync(
  path.resolve(__dirname, '../../node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'),
);
export const BACKENDS: ('native' | 'wasm')[] = NATIVE_LINKED ? ['native', 'wasm'] : ['wasm'];
