import { lenientNumber, optionWord, valueText } from './fields';
import type { FieldReader } from './fields';
import type { Activation, ModelSettings } from './types';

/** Rows an SVR may use at most unless the installation says otherwise (pipeline.md 13.6). */
export const SVR_MAX_ROWS = 20_000;

type Mode = 'Dense' | 'CNN' | 'LSTM' | 'AR LSTM' | 'SVR_dir' | 'SVR_MIMO' | 'LIN';
type Kernel = 'linear' | 'poly' | 'rbf' | 'sigmoid';

/** Accepted names of MODE and the canonical one. */
const MODES: Record<string, Mode> = {
  Dense: 'Dense',
  NN: 'Dense',
  CNN: 'CNN',
  LSTM: 'LSTM',
  'AR LSTM': 'AR LSTM',
  SVR_dir: 'SVR_dir',
  SVR_MIMO: 'SVR_MIMO',
  LIN: 'LIN',
  Linear: 'LIN',
};

/** Accepted names of ACTF; the first name of each activation is the canonical one. */
const ACTIVATIONS: Record<string, Activation> = {
  ReLU: 'relu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Linear: 'linear',
  Softmax: 'softmax',
  Keine: 'linear',
  None: 'linear',
  elu: 'elu',
  selu: 'selu',
  softplus: 'softplus',
  softsign: 'softsign',
  swish: 'swish',
  gelu: 'gelu',
};

const KERNELS: Record<string, Kernel> = { linear: 'linear', poly: 'poly', rbf: 'rbf', sigmoid: 'sigmoid' };

interface Range {
  key: string;
  min: number;
  max: number;
  whenAbsent: number;
  whole: boolean;
  /** the lower bound itself is excluded */
  above?: boolean;
}

const LAY: Range = { key: 'LAY', min: 1, max: 16, whenAbsent: 2, whole: true };
const N: Range = { key: 'N', min: 1, max: 4096, whenAbsent: 64, whole: true };
const EP: Range = { key: 'EP', min: 1, max: 2000, whenAbsent: 100, whole: true };
const K: Range = { key: 'K', min: 1, max: 4096, whenAbsent: 3, whole: true };
const C: Range = { key: 'C', min: 0, max: 1_000_000, whenAbsent: 1, whole: false, above: true };
const EPSILON: Range = { key: 'EPSILON', min: 0, max: 1_000_000, whenAbsent: 0.1, whole: false };

/**
 * Model of a training request. Parameters the mode does not use are checked and kept all the same.
 *
 * @param svrMaxRows largest subsample of an SVR
 */
export function parseModel(
  fields: FieldReader,
  svrMaxRows: number,
): {
  model: ModelSettings;
  modeAsSent: string;
  parameters: Record<string, string | number | boolean | null>;
} {
  const mode = parseName(fields, 'MODE', 'MODE_UNKNOWN', MODES, 'LIN');
  const activation = parseName(fields, 'ACTF', 'PARAM_OPTION', ACTIVATIONS, 'relu');
  const kernel = parseName(fields, 'KERNEL', 'PARAM_OPTION', KERNELS, 'rbf');
  const neural = { layers: parseNumber(fields, LAY), units: parseNumber(fields, N), epochs: parseNumber(fields, EP), activation };
  const kernelEdge = parseNumber(fields, K);
  const support = {
    kernel,
    c: parseNumber(fields, C),
    epsilon: parseNumber(fields, EPSILON),
    subsample: fields.whole('svr_subsample', 'SVR_SUBSAMPLE', 2, svrMaxRows) ?? null,
  };
  const parameters = {
    MODE: mode,
    LAY: neural.layers,
    N: neural.units,
    EP: neural.epochs,
    ACTF: canonicalName(ACTIVATIONS, activation),
    K: kernelEdge,
    KERNEL: kernel,
    C: support.c,
    EPSILON: support.epsilon,
    svr_subsample: support.subsample,
  };
  return { model: modelOf(mode, neural, kernelEdge, support), modeAsSent: fields.text('MODE') ?? 'LIN', parameters };
}

function modelOf(
  mode: Mode,
  neural: { layers: number; units: number; epochs: number; activation: Activation },
  kernelEdge: number,
  support: { kernel: Kernel; c: number; epsilon: number; subsample: number | null },
): ModelSettings {
  switch (mode) {
    case 'LIN':
      return { kind: 'LIN' };
    case 'Dense':
    case 'LSTM':
    case 'AR LSTM':
      return { kind: mode, ...neural };
    case 'CNN':
      return { kind: 'CNN', kernelEdge, ...neural };
    case 'SVR_dir':
      return { kind: 'SVR', strategy: 'dir', ...support };
    case 'SVR_MIMO':
      return { kind: 'SVR', strategy: 'MIMO', ...support };
  }
}

function parseName<T extends string>(
  fields: FieldReader,
  key: string,
  code: 'MODE_UNKNOWN' | 'PARAM_OPTION',
  names: Readonly<Record<string, T>>,
  whenAbsent: NoInfer<T>,
): T {
  const value = fields.raw(key);
  if (value === undefined) return whenAbsent;
  const word = optionWord(valueText(value));
  for (const [name, meaning] of Object.entries(names)) if (optionWord(name) === word) return meaning;
  const allowed = Object.keys(names);
  fields.report({
    code,
    message: `${key} "${valueText(value)}" is unknown; allowed: ${allowed.join(', ')}`,
    field: key,
    context: { value: valueText(value), allowed },
  });
  return whenAbsent;
}

function canonicalName<T extends string>(names: Readonly<Record<string, T>>, meaning: NoInfer<T>): string {
  return Object.keys(names).find((name) => names[name] === meaning) ?? meaning;
}

function parseNumber(fields: FieldReader, range: Range): number {
  const raw = fields.raw(range.key);
  if (raw === undefined) return range.whenAbsent;
  const value = lenientNumber(raw);
  const inside = value >= range.min && value <= range.max && !(range.above && value === range.min);
  if (inside && (!range.whole || Number.isInteger(value))) return value;
  const { key, min, max } = range;
  // the sentence is fixed (http-api B.5); it says more only where the value seems to be between the two
  const remark = inside ? ' (whole number)' : range.above && value === min ? ` (greater than ${min})` : '';
  fields.report({
    code: 'PARAM_RANGE',
    message: Number.isNaN(value) ? `${key} must be a number` : `${key} must be between ${min} and ${max}${remark}`,
    field: key,
    context: { value: valueText(raw), min, max },
  });
  return range.whenAbsent;
}
