import fs from 'node:fs';
import path from 'node:path';
import type { SvrModelDocument } from '../../src/domain/models';
import type { ModelSettings } from '../../src/domain/settings/types';
import { describeNetwork, openBackend, runTraining } from '../../src/training';
import type { ModelFile, TrainingOutput } from '../../src/training';
import { forecastWindows, inputWindows, readStoredLinear, readStoredNetwork, readStoredSvr } from '../../src/training/predict';
import type { StoredModel } from '../../src/training/predict';
import { inverseScaled } from '../../src/domain/scaling';
import {
  BACKENDS,
  cnn,
  dense,
  hourlySeries,
  lstm,
  readForecast,
  removeTemporaryFolders,
  specFor,
  storeDataset,
  svr,
  SETTINGS,
} from './support';

const HOURS = 240;
const SHAPE = { inputSteps: 12, inputFeatures: 2, outputSteps: 12, outputFeatures: 1 };
const data = storeDataset(HOURS);
afterAll(removeTemporaryFolders);

const fileOf = (models: readonly ModelFile[], format: ModelFile['format']): string => models.find((file) => file.format === format)!.path;

async function train(model: ModelSettings, backend: 'native' | 'wasm'): Promise<TrainingOutput> {
  const spec = specFor(data, model, { backend });
  return runTraining(spec, { signal: new AbortController().signal, onMessage: () => undefined });
}

async function stored(model: ModelSettings, { models }: TrainingOutput, choice: 'native' | 'wasm'): Promise<StoredModel> {
  if (model.kind === 'LIN') return { kind: 'LIN', document: readStoredLinear(fileOf(models, 'json')) };
  if (model.kind === 'SVR') return { kind: 'SVR', document: readStoredSvr(fileOf(models, 'json')) };
  const network = describeNetwork(model, SHAPE);
  const weights = readStoredNetwork(network, fileOf(models, 'json'), fileOf(models, 'bin'));
  return { kind: 'network', network, weights, backend: await openBackend(choice) };
}

/** Test windows in order: the last ones, as nothing is permuted. */
const testWindows = ({ nTrain, nVal, nTest }: TrainingOutput) => Int32Array.from({ length: nTest }, (_, i) => nTrain + nVal + i);

describe.each(BACKENDS)('a stored model on the %s back end', (backend) => {
  it.each<[string, ModelSettings]>([
    ['LIN', { kind: 'LIN' }],
    ['SVR', svr()],
    ['Dense', dense(3)],
    ['CNN', cnn(2)],
    ['LSTM', lstm(2)],
  ])('%s forecasts its test windows as the run did', async (_name, model) => {
    const output = await train(model, BACKENDS[0]!); // trained on the faster one, whatever forecasts
    const forecast = forecastWindows(await stored(model, output, backend), output.scalers, data.dataset.input, testWindows(output));
    const ofTheRun = readForecast(output).subarray(output.nVal * SHAPE.outputSteps);
    const expected = inverseScaled(ofTheRun, 1, output.scalers.output);
    const { data_range: range } = output.scalers.output['0']!;
    expect(forecast).toHaveLength(expected.length);
    expect(Math.max(...forecast.map((value, i) => Math.abs(value - expected[i]!) / range))).toBeLessThan(1e-5);
  });
});

describe('a forecast without outputs', () => {
  it('reaches as far as the inputs do: windows that training could not use', () => {
    const rows = hourlySeries(HOURS);
    const output = rows.find(({ role }) => role === 'output')!;
    const known = HOURS - 48;
    const cut = { ...output, times: output.times.slice(0, known), values: output.values.slice(0, known) };
    const windows = inputWindows([...rows.filter(({ role }) => role === 'input'), cut], SETTINGS);
    expect(windows.output.columns).toEqual([]);
    expect(windows.refTimes.at(-1)).toBeGreaterThan(cut.times.at(-1)!);
    expect(windows.refTimes.at(-1)).toBe(data.dataset.refTimes.at(-1));
    const last = windows.windowCount - 1;
    expect(windows.input.columns.map((column) => column.value(last, 3))).toEqual(
      data.dataset.input.columns.map((column) => column.value(data.dataset.windowCount - 1, 3)),
    );
  });
});

describe('files that are not the model', () => {
  const network = describeNetwork(dense(1), SHAPE);
  const copyOf = (output: TrainingOutput, change: (folder: { json: string; bin: string }) => void) => {
    const files = { json: path.join(data.dir, 'copy.json'), bin: path.join(data.dir, 'copy.bin') };
    fs.copyFileSync(fileOf(output.models, 'json'), files.json);
    fs.copyFileSync(fileOf(output.models, 'bin'), files.bin);
    change(files);
    return files;
  };

  it('are refused when support vectors and coefficients do not pair', async () => {
    const output = await train(svr(), BACKENDS[0]!);
    const model = JSON.parse(fs.readFileSync(fileOf(output.models, 'json'), 'utf8')) as SvrModelDocument;
    const file = path.join(data.dir, 'svr.json');
    const changed = (change: (output: SvrModelDocument['outputs'][number]) => void): string => {
      const copy = structuredClone(model);
      change(copy.outputs[0]!);
      fs.writeFileSync(file, JSON.stringify(copy));
      return file;
    };
    expect(readStoredSvr(changed(() => undefined))).toEqual(model);
    expect(() => readStoredSvr(changed(({ dual_coefficients: dual }) => dual.pop()))).toThrow('do not match');
    expect(() => readStoredSvr(changed(({ support_vectors: vectors }) => vectors[0]!.pop()))).toThrow('do not match');
  });

  it('are refused with the reason', async () => {
    const output = await train(dense(1), BACKENDS[0]!);
    const shorter = copyOf(output, ({ bin }) => fs.truncateSync(bin, 100));
    expect(() => readStoredNetwork(network, shorter.json, shorter.bin)).toThrow('100 bytes instead of');
    const text = copyOf(output, ({ json }) => fs.writeFileSync(json, '{"model'));
    expect(() => readStoredNetwork(network, text.json, text.bin)).toThrow('it is no JSON');
    expect(() => readStoredLinear(fileOf(output.models, 'json'))).toThrow('it is no linear model');
    expect(() => readStoredSvr(fileOf(output.models, 'json'))).toThrow('it is no support vector model');
    const other = describeNetwork(dense(1, 17), SHAPE);
    expect(() => readStoredNetwork(other, fileOf(output.models, 'json'), fileOf(output.models, 'bin'))).toThrow('another network');
  });
});
