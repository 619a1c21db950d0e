// LSTM networks (2 × 64) against Keras. tanh is one fused operation here; relu (the default activation) is unrolled step by step.
import { compareTraining } from './lib/neural.mjs';

const shape = { inputSteps: 97, inputFeatures: 9, outputSteps: 97, outputFeatures: 1 };
const lstm = (activation) => ({ kind: 'LSTM', layers: 2, units: 64, epochs: 1, activation });

export async function run(print) {
  await compareTraining(print, { measure: 'lstm 2×64 tanh', model: lstm('tanh'), shape, windows: 1280, epochs: 4, wasmWindows: 160 });
  await compareTraining(print, { measure: 'lstm 2×64 relu', model: lstm('relu'), shape, windows: 640, epochs: 3 });
}
