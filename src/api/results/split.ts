import type { ResultDocument } from '../../domain/artefacts';
import type { SplitSettings } from '../../domain/settings/types';

/** The split of a run as it was stored. */
export function storedSplit({ training_split: stored }: Pick<ResultDocument, 'training_split'>): SplitSettings {
  const { trainPercentage, valPercentage, testPercentage, random_dat: random, seed, scaler_fit: scalerFit } = stored;
  return { trainPercentage, valPercentage, testPercentage, random, seed, scalerFit };
}
