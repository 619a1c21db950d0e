import { fork } from 'node:child_process';
import fs from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { childEnvironment } from '../childProcess';
import type { PredictionMessage, PredictionTask } from './types';

/** Loading TensorFlow on a busy machine takes 10 s; 1000 windows of a large support vector model a minute. */
const TIMEOUT_MS = 120_000;
/** Enough of the process's last words to find the cause. */
const LAST_WORDS = 2_000;

export interface PredictionRequest extends Omit<PredictionTask, 'inputFile' | 'outputFile' | 'windowCount'> {
  /** windows × steps × features */
  inputs: Float64Array;
}

/**
 * Forecasts with a stored model in a process of its own, which ends with the answer: neither its time, nor its memory, nor TensorFlow itself
 * touches the caller.
 *
 * @param folder existing, of this forecast alone; files are left in it
 * @param signal kills the process
 * @returns windows × output steps × outputs
 * @throws Error when the model's files cannot be used, after two minutes, and on `signal`
 */
export async function runPrediction({ inputs, ...about }: PredictionRequest, folder: string, signal: AbortSignal): Promise<Float64Array> {
  const { inputSteps, inputFeatures } = about.shape;
  const task: PredictionTask = {
    ...about,
    windowCount: inputs.length / (inputSteps * inputFeatures),
    inputFile: path.join(folder, 'input.f64'),
    outputFile: path.join(folder, 'output.f64'),
  };
  const taskFile = path.join(folder, 'task.json');
  await Promise.all([writeFile(task.inputFile, inputs), writeFile(taskFile, JSON.stringify(task))]);
  signal.throwIfAborted();
  await finished(taskFile, task, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
  const bytes = await readFile(task.outputFile);
  return new Float64Array(new Uint8Array(bytes).buffer);
}

function finished(taskFile: string, { model }: PredictionTask, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(childScript(), [taskFile], {
      env: childEnvironment(model),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      signal,
      killSignal: 'SIGKILL',
    });
    let verdict: PredictionMessage | null = null;
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-LAST_WORDS)));
    child.on('message', (message: PredictionMessage) => (verdict = message));
    child.once('error', reject); // also the signal's
    child.once('close', (code, killedBy) => {
      if (verdict?.type === 'done') resolve();
      else if (verdict?.type === 'failed') reject(new Error(verdict.message));
      else reject(new Error(`the forecast ended with ${killedBy ?? code}: ${lastWords}`));
    });
  });
}

/** The compiled child: beside this file, or, when the TypeScript sources run (in tests), in the build at the repository root. */
function childScript(): string {
  const beside = path.join(__dirname, 'child.js');
  return fs.existsSync(beside) ? beside : path.resolve(__dirname, '../../../dist/training/predict/child.js');
}
