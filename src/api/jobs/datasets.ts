import type { PlotFormat } from '../../plots';
import type { ProgressRow, UserStore, VisualizationRow } from '../../store';
import { jobWorkflowId } from '../../workflows/ids';
import type { ViolinRenderer } from '../datasets';
import { ApiError, isErrorCode } from '../errors';
import type { ErrorDetail } from '../errors';
import { storedViolin } from '../presenters/plots';
import type { GeneratedDataset, Violin } from '../presenters/types';
import type { OwnSession, Services } from '../types';
import { awaitJob } from './await';
import { jobInProgress } from './launch';
import type { StartedJob } from './launch';
import type { Snapshot } from './snapshot';
import { chooseJob, isActive } from './status';

/** What answers about a dataset are made from. */
export interface DatasetReading extends Pick<Services, 'store' | 'workflows'> {
  mine: UserStore;
  session: OwnSession;
  violins: ViolinRenderer;
  format: PlotFormat;
}

/** @throws ApiError DATASET_IN_PROGRESS, TRAINING_IN_PROGRESS */
export async function refuseActiveJob(mine: UserStore, session: OwnSession): Promise<void> {
  const active = chooseJob(await mine.progress(session.id), null);
  if (active && isActive(active)) throw jobInProgress(active.job, active.workflow_id, active.status, active.overall_progress);
}

/** The answer from the stored dataset; null when there is none for these files and settings. Costs nothing, in either format. */
export async function cachedDataset(reading: DatasetReading, snapshot: Snapshot): Promise<GeneratedDataset | null> {
  const { dataset, warnings } = snapshot;
  if (!dataset) return null;
  const violins = await pictures(reading, { ...snapshot, dataset });
  return { dataset, violins, warnings, cached: true, workflowId: jobWorkflowId('dataset', reading.session.id) };
}

/** A dataset that a training has built counts like one that was asked for: its windows are the session's n_dat, and phase 2 is reached. */
export async function adoptDataset({ store }: Pick<DatasetReading, 'store'>, { row, dataset }: Snapshot): Promise<void> {
  if (!dataset) return;
  const counted = row.n_dat_source === 'windows' && row.n_dat === dataset.n_dat;
  if (!counted || row.workflow_phase === 'upload') await store.service.datasetAdopted(row.id, dataset.n_dat);
}

/**
 * Waits for a dataset job, at most `ms`.
 * @param gone true when nobody waits for the answer any more
 * @throws ApiError with code, sentence and findings of a failed job
 */
export async function datasetOutcome(
  reading: DatasetReading,
  run: StartedJob,
  snapshot: Snapshot,
  ms: number,
  gone: () => boolean,
): Promise<GeneratedDataset | 'processing' | 'cancelled'> {
  const ended = ms > 0 ? await awaitJob(reading, run, ms, gone) : null;
  if (!ended) return 'processing';
  if (ended.status === 'cancelled') return 'cancelled';
  if (ended.status === 'failed') throw failureOf(ended);
  const dataset = await reading.mine.dataset(reading.session.id);
  const answer = await cachedDataset(reading, { ...snapshot, dataset: dataset?.content_hash === snapshot.contentHash ? dataset : null });
  // without it a newer job has replaced the dataset since; the client asks again
  return answer ? { ...answer, cached: false } : 'processing';
}

/** Stored pictures are PNG; the other format is drawn again, and so is what a dataset built inside a training never had. */
async function pictures(
  { store, mine, session, violins, format }: DatasetReading,
  { dataset, files, contentHash }: Snapshot & { dataset: NonNullable<Snapshot['dataset']> },
): Promise<Violin[]> {
  const stored = (await mine.visualizations(session.id)).filter(
    (plot) => plot.plot_type === 'violin_plot' && plot.dataset_hash === contentHash,
  );
  if (stored.length === 0) {
    const drawn = await violins.render(dataset, files, 'png');
    await store.service.replaceViolins(session.id, contentHash, drawn.map(violinRow));
    if (format === 'png') return drawn;
  }
  return format === 'png' ? stored.map(storedViolin) : violins.render(dataset, files, format);
}

const violinRow = ({ name, side, label, data }: Violin): Omit<VisualizationRow, 'created_at' | 'dataset_hash'> => ({
  plot_name: name,
  image_data: data,
  plot_type: 'violin_plot',
  label,
  side,
  plot_metadata: null,
});

function failureOf({ error_code: code, error_message: message, error_details: details }: ProgressRow): ApiError {
  return new ApiError(isErrorCode(code) ? code : 'INTERNAL_ERROR', {
    ...(message !== null && { error: message }),
    details: (details ?? []).map(detail),
  });
}

const detail = ({ code, message, ...rest }: Record<string, unknown>): ErrorDetail => ({
  ...rest,
  code: String(code),
  message: String(message),
});
