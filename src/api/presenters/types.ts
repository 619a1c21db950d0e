import type { Warning } from '../../domain/findings';
import type { DatasetRow } from '../../store';

/** A violin as the API shows it, wherever it comes from: stored as PNG, or rendered again. */
export interface Violin {
  name: string;
  side: 'input' | 'time' | 'output' | null;
  /** IN1 …, OUT1 …; null for the two combined pictures */
  label: string | null;
  /** data URI */
  data: string;
}

/** What an answer of route 21 is made from. */
export interface GeneratedDataset {
  dataset: DatasetRow;
  violins: readonly Violin[];
  warnings: readonly Warning[];
  cached: boolean;
  workflowId: string;
}
