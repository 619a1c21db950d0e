// The files of a session to its dataset with fitted scalers, once, as a fresh process does it; or one step of that alone, again and again.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { peakRssMb } from '../lib/measure.mjs';

const require = createRequire(import.meta.url);
const { buildDataset } = require('../../dist/domain/dataset');
const { fitScalers } = require('../../dist/domain/scaling');
const { parseCsv, statistics } = require('../../dist/domain/series');
const { splitParts, splitSamples } = require('../../dist/domain/split');
const { files, settings, split } = JSON.parse(process.argv[2]);

const from = performance.now();
const before = process.cpuUsage();
const series = settings.series.map(({ label, role }, i) => {
  const parsed = parseCsv(readFileSync(files[i]), { fileName: label });
  if (!parsed.ok) throw new Error(parsed.findings[0].message);
  statistics(parsed.csv);
  return { label, role, times: parsed.csv.times, values: parsed.csv.values };
});
const parsedAfter = performance.now();
const dataset = buildDataset(series, settings);
const builtAfter = performance.now();
fitScalers(dataset, splitParts(splitSamples(dataset.windowCount, split, { validation: true })).train);
const seconds = (performance.now() - from) / 1000;
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    seconds,
    cpu: (user + system) / 1e6,
    parse: (parsedAfter - from) / 1000,
    build: (builtAfter - parsedAfter) / 1000,
    windows: dataset.windowCount,
    cells: [...dataset.input.columns, ...dataset.output.columns].reduce((sum, { layout }) => sum + layout.data.length, 0),
    peakRssMb: peakRssMb(),
  }),
);
