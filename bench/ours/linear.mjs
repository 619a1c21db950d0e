// Least squares with intercept: rows × features to `targets` columns.
import { createRequire } from 'node:module';
import { linearRows } from '../lib/linearRows.mjs';
import { peakRssMb, sampled } from '../lib/measure.mjs';

const { fitLinear } = createRequire(import.meta.url)('../../dist/domain/models');
const { file, rows, features, targets, runs } = JSON.parse(process.argv[2]);

const { x, y } = linearRows(file, rows, features, targets);
const source = {
  features: Array.from({ length: features }, (_, i) => `x${i}`),
  targets: Array.from({ length: targets }, (_, i) => `y${i}`),
  blocks: () => [{ rows, x, y }],
};
let model;
const times = sampled(() => (model = fitLinear(source)), { runs, warmUp: 5 });
const check = model.outputs.flatMap(({ coefficients, intercept }) => [...coefficients, intercept]);
console.log(JSON.stringify({ ...times, peakRssMb: peakRssMb(), check }));
