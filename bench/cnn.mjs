// A convolutional network (2 × 64 filters, 3 × 3) against Keras, with both heads.
import { compareTraining } from './lib/neural.mjs';

const model = { kind: 'CNN', layers: 2, units: 64, epochs: 1, activation: 'relu', kernelEdge: 3 };

export async function run(print) {
  const day = { inputSteps: 97, inputFeatures: 9, outputSteps: 97, outputFeatures: 1 };
  await compareTraining(print, { measure: 'cnn 2×64, dense head', model, shape: day, windows: 640, epochs: 4, wasmWindows: 96 });
  const image = { inputSteps: 97, inputFeatures: 2, outputSteps: 97, outputFeatures: 2 };
  await compareTraining(print, { measure: 'cnn 2×64, image head', model, shape: image, windows: 1600, epochs: 4 });
}
