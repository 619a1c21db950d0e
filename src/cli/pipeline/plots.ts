import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScalerDocument } from '../../domain/scaling';
import type { PlotColumns, TrainingSettings } from '../../domain/settings';
import type { PlotRequest } from '../settingsFile';
import type { Remark } from './checkSettings';
import type { Prepared, Work } from './prepare';

/** Draws the distribution of every column into `folder`, single and combined (pipeline.md 16.2). @returns remarks on what could not be drawn */
export async function drawViolins({ datasetDir, series }: Prepared, folder: string, { compute, signal }: Work): Promise<Remark[]> {
  const columnHeaders = series.map(({ columnHeader }) => columnHeader);
  const plots = await compute.run('drawViolins', { datasetDir, columnHeaders }, signal);
  await mkdir(folder, { recursive: true });
  const fileNames = uniqueFileNames(plots.map((plot) => plot.plot_name));
  for (const [index, { image_data: data }] of plots.entries()) {
    await writeFile(path.join(folder, `${fileNames[index]}.png`), imageOf(data));
  }
  const [first] = plots;
  return (first?.plot_metadata as { warnings: Remark[] } | undefined)?.warnings ?? [];
}

const LONGEST_NAME = 120;

/** Names of plots carry labels of users: what a file system may not take becomes `_`, and names stay apart where case does not count. */
function uniqueFileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const safe = name.replace(/[^\p{L}\p{N}._()[\]°%+-]/gu, '_').slice(0, LONGEST_NAME);
    let unique = safe;
    for (let n = 2; taken.has(unique.toLowerCase()); n += 1) unique = `${safe}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** What to draw of test windows (pipeline.md 16.3); where no column is named, every output and its forecast. */
export function plotRequest(plot: PlotRequest, { output }: PlotColumns): PlotRequest {
  const { df_plot_in, df_plot_out, df_plot_fcst } = plot;
  if (df_plot_in ?? df_plot_out ?? df_plot_fcst) return plot;
  const all = Object.fromEntries(output.map((name) => [name, true]));
  return { ...plot, df_plot_out: all, df_plot_fcst: all };
}

/** Draws test windows of a training with the forecasts in its test_data.npz. Without a seed of its own the plot takes that of the split. */
export async function drawTestSet(
  { datasetDir, plot }: Prepared,
  { split }: TrainingSettings,
  scalers: ScalerDocument,
  { arraysFile, folder }: { arraysFile: string; folder: string },
  { compute, signal }: Work,
): Promise<void> {
  const seeded = { ...plot, seed: plot.seed ?? split.seed };
  const { data } = await compute.run('drawTestSet', { datasetDir, arraysFile, scalers, split, plot: seeded }, signal);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `test_set.${plot.format}`), imageOf(data));
}

const imageOf = (dataUri: string): Buffer => Buffer.from(dataUri.slice(dataUri.indexOf(',') + 1), 'base64');
