// Some fits for a comparison: node fitSvr.mjs ROWS.json; prints their CPU seconds and forecasts of the first rows as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { peakRssMb } from './measure.mjs';

const { fitSvr, predictSvr, runToEnd } = createRequire(import.meta.url)('../../dist/domain/models');

const RUNS = 3;
const { x, y } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const rows = { rows: y.length, x: Float64Array.from(x.flat()), y: Float64Array.from(y) };
const source = { features: x[0].map((_, f) => `x${f}`), targets: ['y'], blocks: () => [rows] };

let model;
function fit() {
  const start = process.cpuUsage();
  model = runToEnd(fitSvr(source, { kernel: 'rbf', c: 1, epsilon: 0.1, subsample: null, seed: 42, tolerance: 1e-3 }));
  const { user, system } = process.cpuUsage(start); // compiling and collecting in other threads included
  return (user + system) / 1e6;
}

const firstRun = fit(); // warms up
const peak = peakRssMb(); // of one fit, as a training does: later ones leave theirs to the collector
const seconds = Array.from({ length: RUNS }, fit);
const forecast = [...predictSvr(model, Float64Array.from(x.slice(0, 100).flat()), 100)];
console.log(JSON.stringify({ firstRun, seconds, forecast, peakRssMb: peak }));
