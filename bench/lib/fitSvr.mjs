// One fit for a comparison: node fitSvr.mjs ROWS.json; prints CPU seconds, support vectors and forecasts of the first rows as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { peakRssMb } from './measure.mjs';

const { fitSvr, predictSvr, runToEnd } = createRequire(import.meta.url)('../../dist/domain/models');

const { x, y } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const columns = x[0].map((_, f) => `x${f}`);
const source = {
  features: columns,
  targets: ['y'],
  blocks: () => [{ rows: y.length, x: Float64Array.from(x.flat()), y: Float64Array.from(y) }],
};

const start = process.cpuUsage();
const model = runToEnd(fitSvr(source, { kernel: 'rbf', c: 1, epsilon: 0.1, subsample: null, seed: 42, tolerance: 1e-3 }));
const { user, system } = process.cpuUsage(start);
console.log(
  JSON.stringify({
    seconds: (user + system) / 1e6,
    support: model.outputs[0].support_rows.fewest,
    forecast: [...predictSvr(model, Float64Array.from(x.slice(0, 100).flat()), 100)],
    peakRssMb: peakRssMb(),
  }),
);
