// One training for a comparison: node trainOurs.mjs SPEC.json; prints its epochs as JSON. The lower half of src/training, without the job around it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { peakRssMb } from './measure.mjs';

const require = createRequire(import.meta.url);
const { arraySamples, describeNetwork, openBackend, trainEpoch } = require('../../dist/training');

const { model, shape, windows, files, weights, epochs, backend: choice, keepWeights } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const read = (file) => new Float32Array(new Uint8Array(readFileSync(file)).buffer);

const all = read(files.weights);
let used = 0;
const first = weights.map((sizes) => {
  const count = sizes.reduce((product, size) => product * size, 1);
  return all.slice(used, (used += count));
});
const backend = await openBackend(choice, (text) => console.error(text));
const from = performance.now();
const samples = arraySamples(
  read(files.inputs),
  shape.inputSteps * shape.inputFeatures,
  read(files.outputs),
  shape.outputSteps * shape.outputFeatures,
);
const network = backend.create(describeNetwork(model, shape), first, samples);
const order = Int32Array.from({ length: windows }, (_, window) => window);
const result = { mode: network.mode, firstStep: 0, epochs: [], losses: [] };
for (let epoch = 0; epoch < epochs; epoch += 1) {
  const start = performance.now();
  result.losses.push(
    await trainEpoch(network, order, { batch: 0, lossSum: 0 }, () => {
      if (result.firstStep === 0) result.firstStep = (performance.now() - from) / 1000;
    }),
  );
  result.epochs.push((performance.now() - start) / 1000);
}
if (keepWeights)
  writeFileSync(
    files.ours,
    Buffer.concat(network.readWeights().map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))),
  );
console.log(JSON.stringify({ ...result, peakRssMb: peakRssMb() }));
