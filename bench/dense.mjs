// Dense networks against Keras: a small one (2 × 64), where the price of a step counts, and a large one (3 × 512).
import { compareTraining } from './lib/neural.mjs';

const shape = { inputSteps: 97, inputFeatures: 9, outputSteps: 97, outputFeatures: 1 };
const dense = (layers, units) => ({ kind: 'Dense', layers, units, epochs: 1, activation: 'relu' });

export async function run(print) {
  await compareTraining(print, { measure: 'dense 2×64', model: dense(2, 64), shape, windows: 4000, epochs: 8, wasmWindows: 640 });
  await compareTraining(print, { measure: 'dense 3×512', model: dense(3, 512), shape, windows: 4000, epochs: 5, wasmWindows: 320 });
}
