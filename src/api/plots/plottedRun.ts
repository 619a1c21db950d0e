import type { ResultDocument } from '../../domain/artefacts';
import type { PlotColumns } from '../../domain/settings';
import type { DescribedWindows, PlottedRun } from '../../plots';
import type { ResultRow, UserStore } from '../../store';
import { ApiError } from '../errors';
import { loadDocument, missingArrays, storedSplit, translateMissing } from '../results';
import type { Services } from '../types';
import { describedWindows } from './describedWindows';

/** @param modelId null = the newest completed one. @throws ApiError RESULTS_NOT_FOUND */
export async function completedRun(mine: UserStore, sessionId: string, modelId: string | null): Promise<ResultRow> {
  const [run] = await mine.results(sessionId, { status: 'completed', limit: 1, ...(modelId === null ? {} : { id: modelId }) });
  if (!run) throw new ApiError('RESULTS_NOT_FOUND');
  return run;
}

export const plotColumns = ({ input_features: input, output_features: output }: ResultRow): PlotColumns => ({
  input: input ?? [],
  output: output ?? [],
});

/** Test windows of a completed run. @throws ApiError INVALID_PLOT_PARAMS when there are none to draw */
export async function testedDocument(services: Pick<Services, 'store' | 'config'>, run: ResultRow): Promise<ResultDocument> {
  if (run.results_file_path === null) throw new Error(`the completed run ${run.run_id} has no document`);
  const document = await loadDocument(services, run.results_file_path);
  if (document.metadata.n_test === 0)
    throw new ApiError('INVALID_PLOT_PARAMS', { error: 'The run has no test windows: its test set is empty' });
  return document;
}

/** What a plot of a run is drawn from: its test arrays, read window by window, and what they hold. */
export interface StoredRun {
  plotted: PlottedRun;
  described: DescribedWindows;
}

/** @throws ApiError STORAGE_UNAVAILABLE when the arrays are gone, now or while they are read */
export function openRun({ store, config }: Pick<Services, 'store' | 'config'>, run: ResultRow, document: ResultDocument): StoredRun {
  const { arrays_file_path: arrays } = run;
  if (arrays === null) throw missingArrays();
  const plotted: PlottedRun = {
    windowCount: document.metadata.n_dat,
    output: { steps: document.n_timesteps, columns: document.output_features.length },
    split: storedSplit(document),
    scalers: document.scalers,
    readArrays: (offset, length) =>
      store.objects.getBuffer(config.BUCKET_RESULTS, arrays, { start: offset, end: offset + length - 1 }).catch(translateMissing),
  };
  return { plotted, described: describedWindows(document) };
}
