/** Process entry of one forecast: `node child.js TASK.json`, forked with an IPC channel. Sends one PredictionMessage. */
import fs from 'node:fs';
import { scaleValue, unscaleValue } from '../../domain/scaling';
import type { ScalerSide } from '../../domain/scaling';
import { openBackend } from '../backends';
import { describeNetwork } from '../networks';
import { forecastScaled } from './forecast';
import type { StoredModel } from './forecast';
import { readStoredLinear, readStoredNetwork, readStoredSvr } from './storedModel';
import type { PredictionMessage, PredictionTask } from './types';

// nobody waits for the forecast any more
process.on('disconnect', () => process.exit(1));

async function main(taskFile: string): Promise<void> {
  const task = JSON.parse(fs.readFileSync(taskFile, 'utf8')) as PredictionTask;
  const { shape, scalers, windowCount } = task;
  const inputs = readNumbers(task.inputFile);
  if (scalers) eachCell(inputs, shape.inputFeatures, scalers.input, scaleValue);
  const forecast = forecastScaled(await openModel(task), inputs, windowCount, shape.inputSteps);
  const wanted = windowCount * shape.outputSteps * shape.outputFeatures;
  if (forecast.length !== wanted) throw new Error(`the model gave ${forecast.length} values instead of ${wanted}`);
  if (scalers) eachCell(forecast, shape.outputFeatures, scalers.output, unscaleValue);
  fs.writeFileSync(task.outputFile, forecast);
}

async function openModel({ model, jsonFile, binFile, shape, backend }: PredictionTask): Promise<StoredModel> {
  switch (model.kind) {
    case 'LIN':
      return { kind: 'LIN', document: readStoredLinear(jsonFile) };
    case 'SVR':
      return { kind: 'SVR', document: readStoredSvr(jsonFile) };
    default: {
      if (binFile === null) throw new Error('a network needs its weights');
      const network = describeNetwork(model, shape);
      return { kind: 'network', network, weights: readStoredNetwork(network, jsonFile, binFile), backend: await openBackend(backend) };
    }
  }
}

function eachCell(cells: Float64Array, columns: number, side: ScalerSide, change: typeof scaleValue): void {
  for (let i = 0; i < cells.length; i += 1) cells[i] = change(side[i % columns], cells[i]!);
}

function readNumbers(file: string): Float64Array {
  const bytes = fs.readFileSync(file);
  return new Float64Array(new Uint8Array(bytes).buffer);
}

/** A last message must have left before the process ends. */
const deliver = (message: PredictionMessage, code: number): void => {
  process.send?.(message, undefined, undefined, () => process.exit(code));
};

main(process.argv[2] ?? '').then(
  () => deliver({ type: 'done' }, 0),
  (error: unknown) => {
    console.error(error);
    deliver({ type: 'failed', message: error instanceof Error ? error.message : String(error) }, 1);
  },
);
