import { candidateCount, checkFeasibility } from '../../domain/dataset';
import type { DatasetLimits } from '../../domain/dataset';
import type { Finding } from '../../domain/findings';
import { parseTimestamp } from '../../domain/series';
import type { TrainingSettings } from '../../domain/settings/types';
import type { TimeRange } from '../../domain/windows';
import { trainingFindings } from '../../training/feasibility';
import type { ModelLimits } from '../../training/feasibility';
import type { FileRow } from '../../store';
import type { Snapshot } from './snapshot';

/** NO_WINDOWS, TOO_MANY_CELLS and TOO_MANY_REFERENCES as far as the stored statistics show them; nothing for a dataset that exists already. */
export const datasetFeasibility = (snapshot: Snapshot, limits: DatasetLimits): Finding[] =>
  snapshot.dataset ? [] : checkFeasibility(snapshot.settings, timeRanges(snapshot.files), limits);

/** The same for a training, with the sizes of its parts and of its network. */
export function trainingFeasibility(snapshot: Snapshot, training: TrainingSettings, limits: DatasetLimits & ModelLimits): Finding[] {
  const ofDataset = datasetFeasibility(snapshot, limits);
  const windows = snapshot.dataset?.n_dat ?? candidateCount(snapshot.settings, timeRanges(snapshot.files)).windows;
  return [...ofDataset, ...trainingFindings(snapshot.settings, ofDataset.length === 0 ? windows : null, training, limits)];
}

/** First and last row time of each series, from the stored statistics. */
const timeRanges = (files: readonly FileRow[]): TimeRange[] =>
  files.map(({ utc_min: first, utc_max: last }) => ({ firstTime: microseconds(first), lastTime: microseconds(last) }));

function microseconds(text: string | null): number {
  const bytes = Buffer.from(text ?? '');
  const time = parseTimestamp(bytes, 0, bytes.length);
  if (!Number.isFinite(time)) throw new Error('a valid file has no readable time range');
  return time;
}
