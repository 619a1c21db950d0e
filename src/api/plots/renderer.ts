import type { TestSetPlotSettings } from '../../domain/settings';
import { chooseTestWindows, readStoredWindows } from '../../plots';
import type { PlottedRun } from '../../plots';
import { createDrawingThread } from '../drawing';
import type { DrawnTestSet, TestSetTask } from '../drawing';
import { ApiError } from '../errors';
import type { StoredRun } from './plottedRun';

export interface RenderedTestSet extends DrawnTestSet {
  seed: number;
}

/** @throws ApiError PLOT_GENERATION_ERROR when what is stored cannot be drawn */
export type TestSetRenderer = (run: StoredRun, plot: TestSetPlotSettings) => Promise<RenderedTestSet>;

/** Draws test windows with stored forecasts: what is needed of them is read here, the picture is made in a worker thread. */
export function createTestSetRenderer(): TestSetRenderer {
  const draw = createDrawingThread<TestSetTask, DrawnTestSet>('testSetWorker.js');
  return async ({ plotted, described }, plot) => {
    const windows = await read(plotted, plot).catch((error: unknown) => {
      throw error instanceof RangeError ? failed(error) : error;
    });
    const drawn = await draw({ ...windows, described, plot }).catch((error: unknown) => {
      throw failed(error);
    });
    return { ...drawn, seed: windows.chosen.seed };
  };
}

async function read(plotted: PlottedRun, plot: TestSetPlotSettings): Promise<Pick<TestSetTask, 'chosen' | 'stored'>> {
  const chosen = await chooseTestWindows(plotted, plot);
  return { chosen, stored: await readStoredWindows(plotted.readArrays, chosen.positions, plot.selection) };
}

const failed = (cause: unknown): ApiError => new ApiError('PLOT_GENERATION_ERROR', { cause });
