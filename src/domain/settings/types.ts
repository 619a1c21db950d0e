/** Typed, validated settings with English names. German keys exist only in the parsers beside this file. */

export type Role = 'input' | 'output';
export type DataForm = 'historical' | 'historicalForecast' | 'currentValue';
export type Alignment = 'linear' | 'mean' | 'nearest';

/** Target range of a min-max scaler; `scale` false = the column passes unscaled. */
export interface ScaleSettings {
  scale: boolean;
  scaleMin: number;
  scaleMax: number;
}

/** Settings of one series (pipeline.md 4). Horizons in hours relative to the reference time. */
export interface SeriesSettings extends ScaleSettings {
  label: string;
  role: Role;
  dataForm: DataForm;
  horizonStartH: number;
  horizonEndH: number;
  /** true when the horizon was absent and the default of the role is used (warning DEFAULT_HORIZON) */
  horizonDefaulted: boolean;
  alignment: Alignment;
  horizonMean: boolean;
}

/** Step configuration of a session (pipeline.md 5). Minutes. */
export interface StepConfig {
  inputSteps: number;
  outputSteps: number;
  referenceStepMin: number;
  referenceOffsetMin: number;
}

export type TimeGroup = 'Y' | 'M' | 'W' | 'D' | 'H';

export interface TimeGroupSettings extends ScaleSettings {
  group: TimeGroup;
  localTime: boolean;
  dataForm: 'horizon' | 'current';
  horizonStartH: number;
  horizonEndH: number;
  /** canonical holiday calendar (`AT`, `DE-BY`), group H only */
  holidayCalendar?: string;
}

/** Active groups in the fixed order Y, M, W, D, H. */
export interface TimeFeatureSettings {
  timeZone: string;
  groups: TimeGroupSettings[];
}

/** Everything that decides which windows exist and what they contain. `series`: inputs first, then outputs, each in column order. */
export interface DatasetSettings {
  series: SeriesSettings[];
  steps: StepConfig;
  time: TimeFeatureSettings;
}

export type Activation = 'relu' | 'sigmoid' | 'tanh' | 'linear' | 'softmax' | 'elu' | 'selu' | 'softplus' | 'softsign' | 'swish' | 'gelu';

interface NeuralSettings {
  layers: number;
  units: number;
  epochs: number;
  activation: Activation;
}

/** Canonical model description: the internal name of pipeline.md 13.1 plus the parameters that mode uses. */
export type ModelSettings =
  | { kind: 'LIN' }
  | ({ kind: 'Dense' } & NeuralSettings)
  | ({ kind: 'CNN'; kernelEdge: number } & NeuralSettings)
  | ({ kind: 'LSTM' } & NeuralSettings)
  | ({ kind: 'AR LSTM' } & NeuralSettings)
  | {
      kind: 'SVR';
      strategy: 'dir' | 'MIMO';
      kernel: 'linear' | 'poly' | 'rbf' | 'sigmoid';
      c: number;
      epsilon: number;
      subsample: number | null;
    };

export interface SplitSettings {
  trainPercentage: number;
  valPercentage: number;
  testPercentage: number;
  /** one seeded permutation of the samples before the split */
  random: boolean;
  seed: number;
  scalerFit: 'train' | 'all';
  /** `n_train`, `n_val`, `n_test` of the request: without influence, but echoed (http-api B.6) */
  sizesAsSent?: Readonly<Record<string, number | string>>;
}

export interface TrainingSettings {
  model: ModelSettings;
  /** MODE exactly as the client sent it */
  modeAsSent: string;
  /** the API's parameter names with the values used, defaults included (pipeline.md 17 `parameters`) */
  parameters: Record<string, string | number | boolean | null>;
  split: SplitSettings;
}
