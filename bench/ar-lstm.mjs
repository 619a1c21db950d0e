// AR LSTM, the same network as LSTM, on hourly windows with two outputs.
import { compareTraining } from './lib/neural.mjs';

export async function run(print) {
  const shape = { inputSteps: 24, inputFeatures: 4, outputSteps: 24, outputFeatures: 2 };
  const model = { kind: 'AR LSTM', layers: 2, units: 64, epochs: 1, activation: 'tanh' };
  await compareTraining(print, { measure: 'ar-lstm 2×64', model, shape, windows: 4000, epochs: 4, wasmWindows: 640 });
}
