import { fitScalers } from '../../domain/scaling';
import type { ScalerDocument } from '../../domain/scaling';
import { needsValidation, splitParts, splitSamples } from '../../domain/split';
import type { WindowDataset } from '../../domain/dataset/types';
import type { TrainingSettings } from '../../domain/settings/types';

/** What is learnt from what: the windows of the three parts in sample order, and the scalers of their columns. */
export interface Problem {
  dataset: WindowDataset;
  train: Int32Array;
  validation: Int32Array;
  test: Int32Array;
  scalers: ScalerDocument;
}

/** Orders and divides the windows and fits the scalers (pipeline.md 10, 11). @throws PipelineError SPLIT_TOO_FEW */
export function poseProblem(dataset: WindowDataset, { model, modeAsSent, split }: TrainingSettings): Problem {
  const parts = splitParts(splitSamples(dataset.windowCount, split, { validation: needsValidation(model), mode: modeAsSent }));
  return { dataset, ...parts, scalers: fitScalers(dataset, split.scalerFit === 'train' ? parts.train : null) };
}
