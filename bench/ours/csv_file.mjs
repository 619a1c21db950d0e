// A CSV file to a series and its statistics.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { peakRssMb, sampled } from '../lib/measure.mjs';

const { parseCsv, statistics } = createRequire(import.meta.url)('../../dist/domain/series');
const { file, runs } = JSON.parse(process.argv[2]);

let result;
const times = sampled(
  () => {
    const parsed = parseCsv(readFileSync(file), { fileName: file });
    if (!parsed.ok) throw new Error(parsed.findings[0].message);
    result = statistics(parsed.csv);
  },
  { runs, warmUp: 1 },
);
const { firstTime, lastTime, rowCount, numericCount, numericShare, meanStepMin, smallestStepMin, rowOffset, min, max } = result;
const check = [firstTime, lastTime, rowCount, numericCount, numericShare, meanStepMin, smallestStepMin, rowOffset, min, max];
console.log(JSON.stringify({ ...times, peakRssMb: peakRssMb(), check }));
