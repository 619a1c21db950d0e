/** Rows as the database returns them, with what a test is about on top. */
import type { FileRow, ProgressRow, SavedModelRow, SessionRow } from '../../../src/store';
import type { TrainingJob } from '../../../src/workflows/messages';
import type { Snapshot } from '../../../src/api/jobs/snapshot';

const AT = '2024-01-15T10:30:00.123456+00:00';

export const progressRow = (changes: Partial<ProgressRow> = {}): ProgressRow => ({
  session_id: '11111111-1111-4111-8111-111111111111',
  job: 'training',
  run_id: '22222222-2222-4222-8222-222222222222',
  workflow_id: 'training-11111111-1111-4111-8111-111111111111',
  temporal_run_id: 'temporal-run',
  input: { job: 'training', sessionRef: 'session_1_a' } as TrainingJob,
  status: 'running',
  phase: 'training',
  overall_progress: 47.9,
  current_step: 'Training epoch 9/20',
  message: 'Training epoch 9/20',
  total_steps: 7,
  completed_steps: 3,
  epoch: 9,
  total_epochs: 20,
  loss: 0.0123,
  val_loss: 0.015,
  eta_seconds: 41,
  seq: 1_000_042,
  last_event: null,
  terminal_published: false,
  previous_phase: 'phase2',
  charge_id: null,
  training_began_at: AT,
  error_code: null,
  error_message: null,
  error_details: null,
  started_at: AT,
  completed_at: null,
  heartbeat_at: AT,
  created_at: AT,
  updated_at: AT,
  ...changes,
});

export const modelRow = (changes: Partial<SavedModelRow>): SavedModelRow => ({
  id: 'id',
  session_id: 'session',
  run_id: 'run',
  filename: 'dense_all_20240115_103000.h5',
  model_type: 'Dense',
  model_class: 'Dense',
  dataset_name: 'all',
  format: 'h5',
  path_in_results: null,
  bucket: 'models',
  object_path: 'path',
  size_bytes: 1,
  sha256: 'hash',
  created_at: AT,
  ...changes,
});

/** A session of hourly series from 2024-01-01 00:00, one input over (−1, 0) h and one output over (0, 1) h, 5 steps, a reference every hour. */
export function snapshotOf({ hours, steps = [5, 5] }: { hours: number; steps?: [number, number] }): Snapshot {
  const last = new Date(Date.UTC(2024, 0, 1) + (hours - 1) * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  const file = { utc_min: '2024-01-01 00:00:00', utc_max: last } as FileRow;
  const series = {
    dataForm: 'historical',
    horizonDefaulted: false,
    alignment: 'linear',
    horizonMean: false,
    scale: true,
    scaleMin: 0,
    scaleMax: 1,
  } as const;
  return {
    row: {} as SessionRow,
    settings: {
      series: [
        { ...series, label: 'a', role: 'input', horizonStartH: -1, horizonEndH: 0 },
        { ...series, label: 'b', role: 'output', horizonStartH: 0, horizonEndH: 1 },
      ],
      steps: { inputSteps: steps[0], outputSteps: steps[1], referenceStepMin: 60, referenceOffsetMin: 0 },
      time: { timeZone: 'UTC', groups: [] },
    },
    files: [file, file],
    contentHash: 'hash',
    dataset: null,
    warnings: [],
  };
}
