// Draws the pictures of docs/pipeline.md from examples/etth1 with the functions the service uses: what they show is what is computed.
//   npm run docs:pictures
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { main, say } from './lib/console.mjs';
import { axes, picture, save } from './lib/drawing.mjs';
import { inRoot } from './lib/paths.mjs';

const load = createRequire(import.meta.url);
const { buildDataset } = load(inRoot('dist/domain/dataset'));
const { levelColumns, stepColumns } = load(inRoot('dist/domain/evaluation/blocks.js'));
const { fitLinear, predictLinear, windowRows } = load(inRoot('dist/domain/models'));
const { copyOriginal, copyScaled, fitScalers, inverseScaled } = load(inRoot('dist/domain/scaling'));
const { parseCsv } = load(inRoot('dist/domain/series'));
const { parseDatasetSettings } = load(inRoot('dist/domain/settings'));
const { splitSizes } = load(inRoot('dist/domain/split'));
const { renderViolins } = load(inRoot('dist/plots'));
const { loadImage } = load('@napi-rs/canvas');

const HOUR = 3_600_000_000; // µs
const BLUE = '#1f77b4';
const ORANGE = '#ff7f0e';
const GREEN = '#2ca02c';
const GREY = '#7f7f7f';
const LIGHT = '#d9d9d9';

const readRows = (name) => {
  const { times, values } = parseCsv(readFileSync(inRoot('examples/etth1', `${name}.csv`)), { fileName: name, label: name }).csv;
  return { times, values };
};
const OT = readRows('OT');
const HUFL = readRows('HUFL');

/** Builds a dataset of one input and one output; settings in the API's names. */
function dataset({ steps, input, output, rows, names = ['in', 'out'] }) {
  const files = [
    { type: 'input', bezeichnung: names[0], ...input },
    { type: 'output', bezeichnung: names[1], ...output },
  ];
  const { settings, findings } = parseDatasetSettings({ files, zeitschritte: steps, timeInfo: null });
  if (!settings) throw new Error(JSON.stringify(findings));
  const series = [
    { label: names[0], role: 'input', ...rows.input },
    { label: names[1], role: 'output', ...rows.output },
  ];
  return buildDataset(series, settings);
}

const slice = ({ times, values }, from, to) => ({ times: times.slice(from, to), values: values.slice(from, to) });
const points = ({ times, values }, origin) => Array.from(times, (time, i) => [(time - origin) / HOUR, values[i]]);
/** Points of one window: hours after `origin`, values. */
function windowPoints(built, side, window, origin, [start, end]) {
  const column = built[side].columns[0];
  const reference = (built.refTimes[window] - origin) / HOUR;
  return Array.from({ length: column.steps }, (_, k) => [
    reference + start + ((end - start) * k) / (column.steps - 1),
    column.value(window, k),
  ]);
}

/** One reference time, its input window and its output window; the next reference's windows in grey. */
function windows() {
  const from = 4000;
  const [input, output] = [slice(HUFL, from, from + 97), slice(OT, from, from + 97)];
  const origin = input.times[0];
  const built = dataset({
    steps: { eingabe: 25, ausgabe: 13, zeitschrittweite: 60 },
    input: { zeithorizontStart: -24, zeithorizontEnd: 0 },
    output: { zeithorizontStart: 0, zeithorizontEnd: 24 },
    rows: { input, output },
  });
  const shown = 12; // the 13th complete window: 36 h after the first row
  const reference = (built.refTimes[shown] - origin) / HOUR;
  const canvas = picture(860, 405);
  /** the window of this reference in full, those of the next two as bars below it */
  const draw = (plot, side, color, horizon, [low, high]) => {
    plot.band(reference + horizon[0], reference + horizon[1], color, 0.15);
    for (const later of [1, 2]) {
      const [next, y] = [reference + later, low + (high - low) * (0.11 - 0.04 * later)];
      plot.line([[next + horizon[0], y], [next + horizon[1], y]], color, 2); // prettier-ignore
      plot.dots([[next, y]], 'black', 2.5);
    }
    plot.dots(windowPoints(built, side, shown, origin, horizon), color, 3.2);
  };
  const parts = [
    ['input', 'Input HUFL: Zeithorizont −24 … 0 h, eingabe 25', input, BLUE, [-24, 0]],
    ['output', 'Output OT: Zeithorizont 0 … 24 h, ausgabe 13', output, ORANGE, [0, 24]],
  ];
  for (const [row, [side, title, rows, color, horizon]] of parts.entries()) {
    const plot = axes(canvas, { left: 55, top: 32 + row * 200, width: 785, height: 135 }, { x: [0, 84], y: rangeOf(rows.values), title });
    plot.line(points(rows, origin), GREY, 1);
    draw(plot, side, color, horizon, rangeOf(rows.values));
    plot.vertical(reference, 'black', row === 0 ? 'Referenzzeit' : '');
    plot.frame('hours since the first row');
  }
  return save(canvas, 'windows');
}

/** Made-up rows at uneven distances, as loggers write them (the example's own rows are never altered). */
function irregular() {
  const gaps = new Set([3, 7, 9, 12, 15, 17, 20]);
  const hours = [...Array(26).keys()].filter((hour) => !gaps.has(hour)).map((hour) => hour + (((hour * 7) % 5) + 1) / 12); // 5 to 25 min late
  return {
    times: Float64Array.from(hours, (hour) => Math.round(hour * HOUR)),
    values: Float64Array.from(hours, (hour) => 7.5 - 2.2 * Math.cos((hour * Math.PI) / 12) + 0.8 * Math.sin(hour * 1.9)),
  };
}

function alignment() {
  const rows = irregular();
  const origin = Math.floor(rows.times[0] / HOUR) * HOUR;
  const canvas = picture(860, 492);
  const rules = [
    ['A', 'Lineare Interpolation', { datenanpassung: 'Lineare Interpolation' }],
    ['B', 'Mittelwertbildung über den Zeithorizont: ja', { mittelwertbildungÜberDenZeithorizont: 'ja' }],
    ['C', 'Mittelwertbildung (mean of the cell before each point)', { datenanpassung: 'Mittelwertbildung' }],
    ['D', 'Nächster Wert', { datenanpassung: 'Nächster Wert' }],
  ];
  for (const [index, [letter, name, setting]] of rules.entries()) {
    const horizon = [-12, 0];
    const built = dataset({
      steps: { eingabe: 7, ausgabe: 2, zeitschrittweite: 60 },
      input: { zeithorizontStart: horizon[0], zeithorizontEnd: horizon[1], ...setting },
      output: { zeithorizontStart: -1, zeithorizontEnd: 0 },
      rows: { input: rows, output: rows },
    });
    const window = built.refTimes.findIndex((time) => (time - origin) / HOUR === 18);
    if (window < 0) throw new Error(`rule ${letter} has no window at this reference`);
    const place = { left: 50 + (index % 2) * 420, top: 32 + Math.floor(index / 2) * 250, width: 370, height: 170 };
    const plot = axes(canvas, place, { x: [0, 24], y: rangeOf(rows.values), title: `${letter}  ${name}`, small: true });
    plot.band(6, 18, BLUE, 0.1);
    plot.line(points(rows, origin), LIGHT, 1);
    plot.dots(points(rows, origin), GREY, 2.5);
    const made = windowPoints(built, 'input', window, origin, horizon);
    if (letter === 'C') for (const [x, y] of made) plot.line([[x - 2, y], [x, y]], BLUE, 2); // prettier-ignore
    if (letter === 'B') plot.line(made, BLUE, 2);
    plot.dots(made, BLUE, 4);
    plot.vertical(18, 'black', '');
    plot.frame('hours');
  }
  return save(canvas, 'alignment');
}

/** The same series once as points, once as its mean over the horizon, for successive references. */
function horizonMean() {
  const rows = slice(OT, 4300, 4348);
  const origin = rows.times[0];
  const build = (setting) =>
    dataset({
      steps: { eingabe: 7, ausgabe: 2, zeitschrittweite: 360 },
      input: { zeithorizontStart: -12, zeithorizontEnd: 0, ...setting },
      output: { zeithorizontStart: -1, zeithorizontEnd: 0 },
      rows: { input: rows, output: rows },
    });
  const canvas = picture(860, 232);
  const titles = ['nein: the points of each window', 'ja: one mean of each window, repeated'];
  for (const [index, setting] of [{}, { mittelwertbildungÜberDenZeithorizont: 'ja' }].entries()) {
    const built = build(setting);
    const place = { left: 50 + index * 420, top: 32, width: 370, height: 160 };
    const plot = axes(canvas, place, { x: [0, 48], y: rangeOf(rows.values), title: titles[index], small: true });
    plot.line(points(rows, origin), LIGHT, 1.5);
    for (const [window, color] of [
      [0, BLUE],
      [2, ORANGE],
      [4, GREEN],
    ]) {
      // prettier-ignore
      const made = windowPoints(built, 'input', window, origin, [-12, 0]);
      plot.line(made, color, 2);
      plot.dots(made, color, 3.2);
    }
    plot.frame('hours');
  }
  return save(canvas, 'horizon-mean');
}

/** LIN on the example, its first test window at three averaging levels. */
function levels() {
  const built = dataset({
    steps: { eingabe: 25, ausgabe: 25, zeitschrittweite: 60 },
    input: { zeithorizontStart: -24, zeithorizontEnd: 0 },
    output: { zeithorizontStart: 0, zeithorizontEnd: 24 },
    rows: { input: OT, output: OT },
  });
  const { nTrain, nVal } = splitSizes(built.windowCount, { trainPercentage: 70, valPercentage: 20 });
  const train = Int32Array.from({ length: nTrain }, (_, window) => window);
  const test = Int32Array.of(nTrain + nVal);
  const scalers = fitScalers(built, train);
  const model = fitLinear(windowRows(built, train, scalers));
  const x = new Float64Array(25);
  copyScaled(built.input, scalers.input, test, x);
  const forecast = inverseScaled(predictLinear(model, x, 25), 1, scalers.output);
  const truth = new Float64Array(25);
  copyOriginal(built.output, test, truth);
  const columns = stepColumns({ truth, forecast, windows: 1, steps: 25, outputs: [{ label: 'OT', stepMin: 60 }] }, 0);
  const canvas = picture(860, 232);
  for (const [index, level] of [1, 4, 12].entries()) {
    const place = { left: 50 + index * 280, top: 32, width: 230, height: 160 };
    const title = `level ${level}: ${level === 1 ? 'every step' : `means of ${level} steps`}`;
    const plot = axes(canvas, place, { x: [0, 25], y: rangeOf([...truth, ...forecast]), title, small: true });
    const averaged = levelColumns(columns, level);
    for (const [name, color, dash] of [
      ['truth', ORANGE, []],
      ['forecast', BLUE, [5, 3]],
    ]) {
      // prettier-ignore
      averaged[name].forEach(([value], block) => plot.line([[block * level, value], [(block + 1) * level, value]], color, 2, dash)); // prettier-ignore
      if (index === 0) plot.legend(name, color, dash);
    }
    plot.frame('step of the output window');
  }
  return save(canvas, 'levels');
}

/** The three parts in time, by the example's own reference times. */
function split() {
  const built = dataset({
    steps: { eingabe: 25, ausgabe: 25, zeitschrittweite: 60 },
    input: { zeithorizontStart: -24, zeithorizontEnd: 0 },
    output: { zeithorizontStart: 0, zeithorizontEnd: 24 },
    rows: { input: OT, output: OT },
  });
  const { nTrain, nVal, nTest } = splitSizes(built.windowCount, { trainPercentage: 70, valPercentage: 20 });
  const origin = OT.times[0];
  const day = (window) => (built.refTimes[window] - origin) / HOUR / 24;
  const canvas = picture(860, 212);
  const plot = axes(
    canvas,
    { left: 50, top: 32, width: 790, height: 140 },
    { x: [0, day(built.windowCount - 1)], y: rangeOf(OT.values), title: `OT, n_dat = ${built.windowCount} windows, 70/20/10` },
  );
  const daily = points(OT, origin).filter((_, i) => i % 24 === 0).map(([x, y]) => [x / 24, y]); // prettier-ignore
  const parts = [['Training', nTrain, BLUE], ['Validierung', nVal, GREEN], ['Test', nTest, ORANGE]]; // prettier-ignore
  let first = 0;
  for (const [name, count, color] of parts) {
    plot.band(day(first), day(first + count - 1), color, 0.18);
    plot.label(`${name} ${count}`, (day(first) + day(first + count - 1)) / 2);
    first += count;
  }
  plot.line(daily, GREY, 1);
  plot.frame('days');
  return save(canvas, 'split');
}

/** The service's own picture of the values that a dataset of two series holds, at half its size. */
async function violins() {
  const built = dataset({
    steps: { eingabe: 25, ausgabe: 25, zeitschrittweite: 60 },
    input: { zeithorizontStart: -24, zeithorizontEnd: 0 },
    output: { zeithorizontStart: 0, zeithorizontEnd: 24 },
    rows: { input: HUFL, output: OT },
    names: ['HUFL', 'OT'],
  });
  const { plots } = renderViolins(built, ['HUFL', 'OT']);
  const images = await Promise.all(plots.filter(({ side }) => side !== null).map(({ image }) => loadImage(image)));
  const canvas = picture(images.reduce((sum, { width }) => sum + width * 0.6, 0), images[0].height * 0.6); // prettier-ignore
  const context = canvas.getContext('2d');
  images.reduce((left, image) => {
    context.drawImage(image, left, 0, image.width * 0.6, image.height * 0.6);
    return left + image.width * 0.6;
  }, 0);
  return save(canvas, 'violins');
}

/** Smallest and largest value with some air. */
function rangeOf(values) {
  const [low, high] = values.reduce(([min, max], value) => [Math.min(min, value), Math.max(max, value)], [Infinity, -Infinity]);
  const air = (high - low) * 0.12;
  return [low - air, high + air];
}

await main(async () => {
  for (const draw of [windows, alignment, horizonMean, levels, split, violins]) {
    const { name, bytes } = await draw();
    const file = inRoot('docs/images', `pipeline-${name}.png`);
    writeFileSync(file, bytes);
    say(`${file} ${(bytes.length / 1000).toFixed(0)} kB`);
  }
});
