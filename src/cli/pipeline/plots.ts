import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
    await writeFile(path.join(folder, `${fileNames[index]}.png`), Buffer.from(data.slice(data.indexOf(',') + 1), 'base64'));
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

/** The test-set plot (pipeline.md 16.3), asked for by any column that is switched on. */
export function testSetRemarks({ df_plot_in, df_plot_out, df_plot_fcst }: PlotRequest): Remark[] {
  const chosen = [df_plot_in, df_plot_out, df_plot_fcst].flatMap((columns) => Object.values(columns ?? {})).includes(true);
  return chosen ? [{ code: 'PLOT_UNSUPPORTED', message: 'the plot of test windows is not drawn by this command yet' }] : [];
}
