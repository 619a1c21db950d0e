import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { drawTestSet } from '../../../src/activities/compute/testSet';
import type { TestSetTask } from '../../../src/activities/compute/testSet';
import { npz, testArrays } from '../../../src/domain/artefacts';
import { buildDataset, serializeDataset } from '../../../src/domain/dataset';
import { copyScaled, fitScalers, inverseScaled } from '../../../src/domain/scaling';
import type { TestSetPlotSettings } from '../../../src/domain/settings';
import { GOLDEN_SERIES, GOLDEN_SETTINGS, MINUTE, utc } from '../dataset/support';
import { countColor, pixelsOf } from './pixels';
import type { Pixels, Rectangle } from './pixels';

const SPLIT = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'all' } as const;
/** the first colours of tab20 */
const [A, B, C, D] = ['#1f77b4', '#aec7e8', '#ff7f0e', '#ffbb78'] as const;

let folder: string;
let task: Omit<TestSetTask, 'plot'>;

/** The golden example as a run leaves it: dataset, and test arrays whose forecast is the truth plus a tenth. */
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-plot-'));
  const dataset = buildDataset(GOLDEN_SERIES, GOLDEN_SETTINGS);
  const { manifest, columns } = serializeDataset(dataset);
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'columns.bin'), Buffer.concat(columns));
  const windows = Int32Array.from({ length: 44 }, (_, k) => 399 + k);
  const scalers = fitScalers(dataset, null);
  const scaled = new Float64Array(44 * 13 * 2);
  copyScaled(dataset.output, scalers.output, windows, scaled);
  const forecast = scaled.map((value) => value + 0.1);
  const arrays = testArrays(dataset, { windows, scalers, scaled: forecast, original: inverseScaled(forecast, 2, scalers.output) });
  const arraysFile = path.join(folder, 'test_data.npz');
  writeFileSync(arraysFile, Buffer.concat([...npz(arrays)]));
  task = { datasetDir: folder, arraysFile, scalers, split: SPLIT };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLOT: TestSetPlotSettings = {
  subplots: 17,
  xAxis: 'time',
  units: 'original',
  yAxes: 'separate',
  seed: 42,
  format: 'png',
  selection: { input: [0], output: [0], forecast: [0] },
};
const draw = (change: Partial<TestSetPlotSettings> = {}) => drawTestSet({ ...task, plot: { ...PLOT, ...change } });
const bytesOf = (data: string) => Buffer.from(data.slice(data.indexOf(',') + 1), 'base64');
const pixels = async (change: Partial<TestSetPlotSettings> = {}): Promise<Pixels> => pixelsOf(bytesOf((await draw(change)).data));

describe('the picture of the test windows', () => {
  it('measures 20 × 13 inches at 100 dpi, with the reference times of the drawn windows', async () => {
    const { data, seed, refTimes } = await draw();
    expect(data.slice(0, 22)).toBe('data:image/png;base64,');
    const { width, height } = await pixelsOf(bytesOf(data));
    expect([width, height]).toEqual([2000, 1300]);
    expect(seed).toBe(42);
    // pipeline 12 and 21.2: the first of 17 of 44 by seed 42 is window 18, 15 minutes each after 10:00
    expect(refTimes.slice(0, 2)).toEqual([18, 41].map((position) => utc('2024-04-03 10:00') + position * 15 * MINUTE));
    expect(refTimes).toHaveLength(17);
  });

  it('shows the selected columns in their colours and no others, the axes too', async () => {
    const picture = await pixels();
    expect(countColor(picture, A)).toBeGreaterThan(2000);
    expect(countColor(picture, C)).toBeGreaterThan(2000);
    expect(countColor(picture, B)).toBe(0);
    expect(countColor(picture, D)).toBe(0);
  });

  it('leaves surplus cells blank', async () => {
    const picture = await pixels({ subplots: 3 });
    const lowerRight: Rectangle = [1010, 720, 2000, 1300];
    expect(countColor(picture, '#ffffff', lowerRight)).toBe(990 * 580);
    expect(countColor(await pixels({ subplots: 4 }), '#ffffff', lowerRight)).toBeLessThan(990 * 580);
  });

  it('marks the reference by a dashed black line over the full height', async () => {
    const { width, height, data } = await pixels({ subplots: 1, selection: { input: [], output: [0], forecast: [] } });
    const runs = (x: number) => {
      let [dark, changes, before] = [0, 0, false];
      for (let y = 150; y < height - 80; y++) {
        const now = data[(y * width + x) * 4]! < 128 && data[(y * width + x) * 4 + 2]! < 128;
        dark += Number(now);
        changes += Number(now !== before);
        before = now;
      }
      return { share: dark / (height - 230), changes };
    };
    const dashed = Array.from({ length: width }, (_, x) => runs(x)).filter(({ share, changes }) => share > 0.5 && changes > 100);
    expect(dashed.length).toBeGreaterThanOrEqual(1);
    expect(dashed.length).toBeLessThanOrEqual(2); // one line, 1 point wide
    // dashes of 3.7 points with gaps of 1.6; edges are smoothed, so only their number is exact
    expect(Math.abs(dashed[0]!.changes / 2 - (1300 - 230) / ((5.3 * 100) / 72))).toBeLessThan(2);
  });

  it('shows a forecast apart from its truth', async () => {
    const truth = { input: [], output: [0], forecast: [] };
    const alone = await pixels({ subplots: 1, selection: truth, units: 'scaled', yAxes: 'shared' });
    const both = await pixels({ subplots: 1, selection: { ...truth, forecast: [0] }, units: 'scaled', yAxes: 'shared' });
    expect(countColor(both, C)).toBeGreaterThan(1.1 * countColor(alone, C));
  });

  it('is the same bytes for the same seed and another picture for another one', async () => {
    const [first, again, other] = [await draw(), await draw(), await draw({ seed: 43 })];
    expect(again).toEqual(first);
    expect(other.refTimes).not.toEqual(first.refTimes);
    expect(other.data).not.toBe(first.data);
  });

  it('draws a seed where none is given, and the picture again from it', async () => {
    const random = await draw({ seed: null, subplots: 2 });
    expect(Number.isInteger(random.seed) && random.seed >= 0 && random.seed <= 4_294_967_295).toBe(true);
    expect(await draw({ seed: random.seed, subplots: 2 })).toEqual(random);
  });

  it('is vectors on request: the same figure as paths, letters included', async () => {
    const { data } = await draw({ format: 'svg', subplots: 2 });
    const svg = bytesOf(data);
    const text = svg.toString('utf8');
    expect(data.slice(0, 26)).toBe('data:image/svg+xml;base64,');
    expect(text).toMatch(/<svg [^>]*width="2000" height="1300"/);
    expect(text).not.toMatch(/<image|<text|<script/);
    for (const color of [A, C]) expect(text).toContain(`stroke="${color.toUpperCase()}"`);
    const [vector, raster] = [await pixelsOf(svg), await pixels({ subplots: 2 })];
    const title: Rectangle = [740, 10, 1260, 50];
    const ink = (picture: Pixels) => countColor(picture, '#000000', title);
    expect(ink(raster)).toBeGreaterThan(1000);
    expect(Math.abs(ink(vector) - ink(raster))).toBeLessThan(0.2 * ink(raster));
    expect(countColor(vector, A)).toBeGreaterThan(500);
  });

  it.each([1, 2, 44])('stays within its borders with %d subplots and every column', async (subplots) => {
    const picture = await pixels({ subplots, selection: { input: [0, 1], output: [0, 1], forecast: [0, 1] } });
    const { width, height } = picture;
    const border: Rectangle[] = [
      [0, 0, width, 4],
      [0, height - 2, width, height],
      [0, 0, 4, height],
      [width - 4, 0, width, height],
    ];
    for (const [left, top, right, bottom] of border)
      expect(countColor(picture, '#ffffff', [left, top, right, bottom])).toBe((right - left) * (bottom - top));
    for (const color of [A, B, C, D]) expect(countColor(picture, color)).toBeGreaterThan(100);
  });

  it('refuses arrays of another run', async () => {
    const other = { ...SPLIT, trainPercentage: 75, testPercentage: 5 };
    await expect(drawTestSet({ ...task, split: other, plot: PLOT })).rejects.toThrow('y_pred is 44×13×2, the run’s test part 22×13×2');
  });

  it('needs no arrays where no forecast is selected', async () => {
    const { refTimes } = await drawTestSet({
      ...task,
      arraysFile: path.join(folder, 'manifest.json'),
      plot: { ...PLOT, selection: { input: [0], output: [], forecast: [] } },
    });
    expect(refTimes).toHaveLength(17);
  });
});
