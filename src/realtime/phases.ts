import type { JobKind, Phase } from '../workflows/messages';

/** Phases in their only order (realtime.md 5.2); a run may skip some, never go back. */
export const PHASES = [
  'queued',
  'loading',
  'dataset',
  'training',
  'evaluation',
  'persisting',
  'completed',
] as const satisfies readonly Phase[];
export const TOTAL_STEPS = PHASES.length;

interface Band {
  from: number;
  to: number;
}

const BANDS: Record<JobKind, Partial<Record<Phase, Band>>> = {
  training: {
    queued: { from: 0, to: 0 },
    loading: { from: 1, to: 5 },
    dataset: { from: 5, to: 25 },
    training: { from: 25, to: 80 },
    evaluation: { from: 80, to: 90 },
    persisting: { from: 90, to: 99 },
    completed: { from: 100, to: 100 },
  },
  // plots are drawn in phase `dataset`, too: 30–80 building, 80–95 plots
  dataset: {
    queued: { from: 0, to: 0 },
    loading: { from: 1, to: 30 },
    dataset: { from: 30, to: 95 },
    persisting: { from: 95, to: 99 },
    completed: { from: 100, to: 100 },
  },
};

export const phaseOrder = (phase: Phase): number => PHASES.indexOf(phase);

/** Finished phases: 0 in `queued`, 7 in `completed`; phases a job does not have count once it is past them. */
export const completedSteps = (phase: Phase): number => (phase === 'completed' ? TOTAL_STEPS : phaseOrder(phase));

/**
 * Whole percent of a run.
 * @param fraction share of the phase done, 0…1
 */
export function percentage(job: JobKind, phase: Phase, fraction: number): number {
  const band = BANDS[job][phase];
  if (!band) throw new RangeError(`a ${job} job has no phase ${phase}`);
  const share = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
  return Math.floor(band.from + share * (band.to - band.from));
}

/** Translation keys of dataset jobs in their order (realtime.md 5.4), each with its share of the phase it belongs to. */
export const DATASET_STEPS = {
  starting: { phase: 'loading', fraction: 0, message: 'Starting' },
  downloadingInput: { phase: 'loading', fraction: 0.05, message: 'Reading input files' },
  downloadingOutput: { phase: 'loading', fraction: 0.3, message: 'Reading output files' },
  downloadComplete: { phase: 'loading', fraction: 0.5, message: 'Files read' },
  parsingFiles: { phase: 'loading', fraction: 0.55, message: 'Parsing files' },
  parsingComplete: { phase: 'loading', fraction: 1, message: 'Files parsed' },
  ndatLoading: { phase: 'dataset', fraction: 0, message: 'Preparing the windows' },
  ndatTransforming: { phase: 'dataset', fraction: 0.1, message: 'Transforming the series' },
  ndatCreatingArrays: { phase: 'dataset', fraction: 0.2, message: 'Building the windows' },
  ndatArraysComplete: { phase: 'dataset', fraction: 0.65, message: 'Windows built' },
  datasetsComplete: { phase: 'dataset', fraction: 0.77, message: 'Dataset stored' },
  generatingInput: { phase: 'dataset', fraction: 0.78, message: 'Drawing the distributions of the inputs' },
  inputComplete: { phase: 'dataset', fraction: 0.86, message: 'Distributions of the inputs drawn' },
  generatingTime: { phase: 'dataset', fraction: 0.88, message: 'Drawing the distributions of the time features' },
  timeComplete: { phase: 'dataset', fraction: 0.9, message: 'Distributions of the time features drawn' },
  generatingOutput: { phase: 'dataset', fraction: 0.92, message: 'Drawing the distributions of the outputs' },
  outputComplete: { phase: 'dataset', fraction: 1, message: 'Distributions of the outputs drawn' },
  savingToDatabase: { phase: 'persisting', fraction: 0, message: 'Storing the plots' },
} as const satisfies Record<string, { phase: Phase; fraction: number; message: string }>;

export type DatasetStep = keyof typeof DATASET_STEPS;

export const stepKey = (step: DatasetStep | 'complete' | 'error'): string => `violin.progress.${step}`;
