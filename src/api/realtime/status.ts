import type { UserStore } from '../../store';
import { isoTimeOrNull } from '../presenters/time';
import type { OwnSession } from '../types';
import { lastEvent } from './replay';
import type { Payload } from './types';

/** `training_status_update` (realtime.md 4): the newest training run, by its row. */
export async function trainingStatus(mine: UserStore, session: OwnSession): Promise<Payload> {
  const [rows, models] = await Promise.all([mine.progress(session.id), mine.models(session.id)]);
  const row = rows.find(({ job }) => job === 'training');
  // models are listed newest first
  const newestRun = models[0]?.run_id;
  return {
    session_id: session.ref,
    session_uuid: session.id,
    run_id: row?.run_id ?? null,
    status: row?.status ?? 'not_found',
    phase: row?.phase ?? null,
    progress_percent: row ? Math.floor(row.overall_progress) : 0,
    message: row ? row.message : 'Not started',
    last_updated: isoTimeOrNull(row?.updated_at ?? null),
    models_trained: models.filter(({ run_id: runId }) => runId === newestRun).length,
    error: row?.error_message ?? null,
  };
}

/** The current `dataset_status_update` (realtime.md 5.4), or its shape with `not_found`. */
export async function datasetStatusOf(mine: UserStore, session: OwnSession): Promise<Payload> {
  const row = (await mine.progress(session.id)).find(({ job }) => job === 'dataset');
  if (row) return lastEvent(row);
  const now = new Date().toISOString();
  return {
    session_id: session.stringId ?? session.id,
    session_uuid: session.id,
    run_id: null,
    job: 'dataset',
    seq: 0,
    timestamp: now,
    progress: 0,
    progress_percent: 0,
    step: null,
    status: 'not_found',
    message: 'Not started',
    eta_seconds: null,
    error: null,
    error_code: null,
    n_dat: null,
    last_updated: now,
    processing_stopped: false,
  };
}
