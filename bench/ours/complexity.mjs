// Nanoseconds of the steps that pipeline.md 20 sets limits for.
import { createRequire } from 'node:module';
import { sampled } from '../lib/measure.mjs';

const require = createRequire(import.meta.url);
const { buildDataset } = require('../../dist/domain/dataset');
const { copyScaled, fitScalers, inverseScaled } = require('../../dist/domain/scaling');

const STEP_US = 15 * 60e6;
const HOUR_US = 3600e6;
const START = Date.UTC(2023, 0, 1) * 1000;
const HOURS = 8_760;
const STEPS = 97;
const GROUPS = ['Y', 'M', 'W', 'D', 'H'];
const scaling = { scale: true, scaleMin: 0, scaleMax: 1 };

/** Two series a quarter of an hour, one reference time an hour. */
function session({ groups = [], localTime = false, inputSteps = STEPS, alignment = 'linear' }) {
  const count = (HOURS + 48) * 4 + 1;
  const times = Float64Array.from({ length: count }, (_, i) => START - 24 * HOUR_US + i * STEP_US);
  const named = [
    ['x', 'input', -24, 0],
    ['y', 'output', 0, 24],
  ];
  return {
    series: named.map(([label, role], k) => ({ label, role, times, values: times.map((_, i) => Math.sin(i / 15.28 + k) + (i % 7)) })),
    settings: {
      series: named.map(([label, role, horizonStartH, horizonEndH]) => ({
        ...{ label, role, dataForm: 'historical', horizonStartH, horizonEndH, horizonDefaulted: false, alignment, horizonMean: false },
        ...scaling,
      })),
      steps: { inputSteps, outputSteps: inputSteps, referenceStepMin: 60, referenceOffsetMin: 0 },
      time: {
        timeZone: 'Europe/Vienna',
        groups: groups.map((group) => ({
          group,
          localTime,
          dataForm: 'horizon',
          horizonStartH: -24,
          horizonEndH: 0,
          ...scaling,
          holidayCalendar: 'AT',
        })),
      },
    },
  };
}

const best = (action) => sampled(action, { runs: 15, warmUp: 3 }).cpu[0] * 1e9;
const building = ({ series, settings }, storage) => best(() => buildDataset(series, settings, undefined, storage));

const plain = session({});
const { windowCount } = buildDataset(plain.series, plain.settings);
const perWindow = (one, storage) => building(one, storage) / windowCount;
const times = (localTime) => {
  const one = session({ groups: GROUPS, localTime });
  const columns = buildDataset(one.series, one.settings).input.columns.slice(1);
  const distinct = columns.reduce((sum, { layout }) => sum + layout.data.length, 0);
  return (building(one) - building(plain)) / distinct;
};
const full = session({ groups: GROUPS });
const dataset = buildDataset(full.series, full.settings);
const windows = Int32Array.from({ length: windowCount }, (_, window) => window);
const scalers = fitScalers(dataset, windows);
const width = dataset.input.columns.length;
const cells = windowCount * STEPS * width;
const out = new Float64Array(cells);

console.log(
  JSON.stringify({
    windowCount,
    compact: perWindow(plain),
    mean: perWindow(session({ alignment: 'mean' })),
    nearest: perWindow(session({ alignment: 'nearest' })),
    odd: perWindow(session({ inputSteps: 92 })), // 24 h / 91 is no whole number of µs: no grid, every window on its own
    materialised: perWindow(plain, 'materialised'),
    utc: times(false),
    local: times(true),
    scale: best(() => copyScaled(dataset.input, scalers.input, windows, out)) / cells,
    inverse: best(() => inverseScaled(out, width, scalers.input)) / cells,
    fit: best(() => fitScalers(dataset, windows)) / cells,
  }),
);
