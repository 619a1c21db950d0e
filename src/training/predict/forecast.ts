import { buildDataset } from '../../domain/dataset';
import type { DatasetLimits, WindowBlock, WindowDataset } from '../../domain/dataset';
import { predictLinear, predictSvr } from '../../domain/models';
import type { LinearModelDocument, SvrModelDocument } from '../../domain/models';
import { copyScaled, inverseScaled } from '../../domain/scaling';
import type { ScalerDocument } from '../../domain/scaling';
import type { Series } from '../../domain/series';
import type { DatasetSettings } from '../../domain/settings/types';
import type { NetworkBackend } from '../backends';
import type { Network } from '../networks';

/** A model as it was stored, ready to forecast. */
export type StoredModel =
  | { kind: 'LIN'; document: LinearModelDocument }
  | { kind: 'SVR'; document: SvrModelDocument }
  | { kind: 'network'; network: Network; weights: readonly Float32Array[]; backend: NetworkBackend };

/**
 * Windows to forecast where the outputs are not known yet: the same rules, time features and alignments as in training
 * (pipeline.md 6 and 8), applied to the inputs alone.
 *
 * @param series   rows of the input series; outputs may be there and are ignored
 * @throws PipelineError when no reference time has complete inputs
 */
export function inputWindows(series: readonly Series[], settings: DatasetSettings, limits?: DatasetLimits): WindowDataset {
  const inputs = settings.series.filter(({ role }) => role === 'input');
  return buildDataset(series, { ...settings, series: inputs }, limits);
}

/**
 * Forecast of some windows in original units, in one pass (pipeline.md 14.1).
 *
 * @param scalers as stored with the model
 * @param windows indices into the block, in the order wanted
 * @returns float64, row-major (window, step, output)
 */
export function forecastWindows(model: StoredModel, scalers: ScalerDocument, input: WindowBlock, windows: Int32Array): Float64Array {
  const scaled = new Float64Array(windows.length * input.steps * input.columns.length);
  copyScaled(input, scalers.input, windows, scaled);
  return inverseScaled(forecastScaled(model, scaled, windows.length, input.steps), Object.keys(scalers.output).length, scalers.output);
}

/** The same from windows that are scaled already, `count × steps × features`; scaled forecast. */
export function forecastScaled(model: StoredModel, inputs: Float64Array, count: number, steps: number): Float64Array {
  if (model.kind === 'LIN') return predictLinear(model.document, inputs, count * steps);
  if (model.kind === 'SVR') return predictSvr(model.document, inputs, count * steps);
  const { backend, network, weights } = model;
  const forecaster = backend.forecaster(network, weights);
  try {
    return Float64Array.from(forecaster.predict(Float32Array.from(inputs), count));
  } finally {
    forecaster.dispose();
  }
}
