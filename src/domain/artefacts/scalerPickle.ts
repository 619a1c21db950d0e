import type { ScalerParameters, ScalerSide } from '../scaling';
import { pickle, py } from './pickle';
import type { PickleValue } from './pickle';

const MIN_MAX_SCALER = py.global('sklearn.preprocessing', 'MinMaxScaler');
const ARRAY = py.global('numpy', 'array');
/**
 * The version of the scikit-learn that reads the file: the name is looked up when it is loaded, so that no version warns of another one.
 * The attributes below have meant the same since `clip` came with 0.24.
 */
const VERSION = py.global('sklearn', '__version__');

/**
 * `{int: MinMaxScaler | None}` for `pickle.load` and `joblib.load`: one scaler of one column per column index.
 * Loaded without a warning by scikit-learn 1.3.2, 1.5.2, 1.6.1 and 1.9.1 with numpy 1.26, 2.0, 2.2 and 2.4.
 */
export function scalerPickle(side: ScalerSide): Uint8Array {
  const columns = Object.entries(side).map(([index, scaler]) => [py.int(Number(index)), scaler ? minMaxScaler(scaler) : py.none] as const);
  return pickle(py.dict(...columns));
}

/** State of a fitted scaler of one column, attribute by attribute as `MinMaxScaler.__getstate__` gives it. */
function minMaxScaler(scaler: ScalerParameters): PickleValue {
  const state: Record<string, PickleValue> = {
    feature_range: py.tuple(...scaler.feature_range.map(py.float)),
    copy: py.bool(true),
    clip: py.bool(false),
    n_features_in_: py.int(1),
    n_samples_seen_: py.int(scaler.n_samples_seen),
    scale_: vector(scaler.scale),
    min_: vector(scaler.min),
    data_min_: vector(scaler.data_min),
    data_max_: vector(scaler.data_max),
    data_range_: vector(scaler.data_range),
    _sklearn_version: VERSION,
  };
  return py.instance(MIN_MAX_SCALER, py.dict(...Object.entries(state).map(([name, value]) => [py.text(name), value] as const)));
}

/** float64, because the list holds a Python float */
const vector = (value: number): PickleValue => py.call(ARRAY, py.list(py.float(value)));
