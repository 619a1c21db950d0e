// Hourly series of files to a dataset; compact, or as the full arrays too.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { peakRssMb, sampled } from '../lib/measure.mjs';
import { inputsAndOutput, windowSettings } from '../lib/etth1.mjs';

const require = createRequire(import.meta.url);
const { buildDataset } = require('../../dist/domain/dataset');
const { copyOriginal } = require('../../dist/domain/scaling');
const { parseCsv } = require('../../dist/domain/series');
const { files, time, arrays, runs } = JSON.parse(process.argv[2]);

const series = inputsAndOutput(
  files.map((file) => {
    const parsed = parseCsv(readFileSync(file), { fileName: file });
    if (!parsed.ok) throw new Error(parsed.findings[0].message);
    return parsed.csv;
  }),
);
const settings = windowSettings(series, time);
const filled = (block, windows) => {
  const cells = new Float64Array(windows.length * block.steps * block.columns.length);
  copyOriginal(block, windows, cells);
  return cells;
};

let result;
const times = sampled(
  () => {
    const dataset = buildDataset(series, settings);
    result = { dataset };
    if (!arrays) return;
    const all = new Int32Array(dataset.windowCount).map((_, window) => window);
    result = { dataset, input: filled(dataset.input, all), output: filled(dataset.output, all) };
  },
  { runs, warmUp: 20, repeat: arrays ? 1 : 10 },
);
const { dataset } = result;
const of = (block, window, step) => block.columns.map((column) => column.value(window, step));
const middle = dataset.windowCount >> 1;
const check = [
  dataset.windowCount,
  dataset.refTimes[0],
  dataset.refTimes[dataset.windowCount - 1],
  ...[0, middle, dataset.windowCount - 1].flatMap((window) => [...of(dataset.input, window, 5), ...of(dataset.output, window, 23)]),
];
console.log(JSON.stringify({ ...times, peakRssMb: peakRssMb(), check, about: { windows: dataset.windowCount } }));
