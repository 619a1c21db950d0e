import type { Baselines } from '../baselines';
import type { Evaluation } from '../evaluation';
import type { Warning } from '../findings';
import type { ScalerView } from './scalerView';
import type { SeriesInfo } from './seriesInfo';

/** Raised when a formula of the metrics changes, so that stored numbers are not compared across it. */
export const METRICS_VERSION = 1;

/** One model file of a run. `url` and `expires_at` are added when the document is answered. */
export interface TrainedModelEntry {
  name: string;
  kind: string;
  /** output column the model forecasts; all of them in one network */
  output: string;
  /** all files of the same model */
  files: string[];
  filename: string;
  model_class: string;
  dataset_name: string;
  format: string;
  size_bytes: number;
  sha256: string;
}

/** Another stored object of a run (arrays, plots). */
export interface ArtifactEntry {
  name: string;
  kind: string;
  size_bytes: number;
  content_type: string;
}

export type EvaluationMetrics = Evaluation & { model_type: string };

/** The light result document (pipeline.md 17, http-api route 26). */
export interface ResultDocument {
  schema_version: 1;
  model_type: string;
  model_internal: string;
  parameters: Record<string, string | number | boolean | null>;
  training_split: {
    trainPercentage: number;
    valPercentage: number;
    testPercentage: number;
    random_dat: boolean;
    scaler_fit: 'train' | 'all';
    seed: number;
    /** as the request named them, which has no influence; the real sizes stand in `metadata` */
    n_train?: number | string;
    n_val?: number | string;
    n_test?: number | string;
  };
  training: Record<string, unknown>;
  baselines: Baselines;
  warnings: Warning[];
  dataset_count: number;
  input_features: string[];
  output_features: string[];
  n_timesteps: number;
  metadata: ResultMetadata;
  evaluation_metrics: EvaluationMetrics;
  /** the same object under its older name */
  metrics: EvaluationMetrics;
  scalers: ScalerView;
  trained_models: TrainedModelEntry[];
  trained_model: TrainedModelEntry | null;
  artifacts: ArtifactEntry[];
}

export interface ResultMetadata {
  n_dat: number;
  n_train: number;
  n_val: number;
  n_test: number;
  I_N: number;
  O_N: number;
  /** minutes between reference times, and their phase past the hour */
  DELT: number;
  OFST: number;
  /** minutes between the steps of the first output; null when it has none */
  delt: number | null;
  utc_ref_log: { first: string | null; last: string | null; count: number };
  i_dat_inf: Record<string, SeriesInfo>;
  o_dat_inf: Record<string, SeriesInfo>;
  time_features: Record<string, unknown>[];
  time_zone: string;
  holiday_calendar: string | null;
  dataset_hash: string;
  rejections: Record<string, unknown>[];
  backend: { name: string; version: string };
  model_config: Record<string, string | number | boolean | null>;
  random_data: boolean;
  seed: number;
  scaler_fit: 'train' | 'all';
  epochs_run: number | null;
  metrics_version: number;
}
