import type { Phase, TrainingJob } from '../../workflows/messages';
import type { SafeFailure } from '../types';

/** Steps of a training as a failed one names the one it failed in (pipeline.md 17). */
export type FailedStage = 'load_input_files' | 'load_output_files' | 'build_dataset' | 'split' | 'scale' | 'train' | 'evaluate' | 'store';

/**
 * The stage behind a failure: the phase the run had reached tells most of it, the findings the rest.
 * The dataset is built while a training is still queued; the training worker takes it over loaded, then splits and scales it.
 */
export function failedStage(job: TrainingJob, phase: Phase, { code, details }: SafeFailure): FailedStage {
  const [finding] = details;
  if (finding?.['code'] === 'SPLIT_TOO_FEW') return 'split';
  switch (phase) {
    case 'queued':
      return code === 'INVALID_DATA' ? fileStage(job, finding?.['file']) : 'build_dataset';
    case 'loading':
      return 'build_dataset';
    case 'dataset':
      // what the settings make impossible is found when the model is set up, after the scaling
      return code === 'NOT_FEASIBLE' ? 'train' : 'scale';
    case 'training':
      return 'train';
    case 'evaluation':
      return 'evaluate';
    case 'persisting':
    case 'completed':
      return 'store';
  }
}

/** Findings name a file by its name or by its label. */
function fileStage({ files, settings }: TrainingJob, name: unknown): FailedStage {
  const index = files.findIndex(({ fileName }, i) => name === fileName || name === settings.series[i]?.label);
  const role = settings.series[index]?.role;
  return role === undefined ? 'build_dataset' : `load_${role}_files`;
}
