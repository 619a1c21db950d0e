import type { ScalerSide } from '../scaling';

interface NamedSide {
  side: ScalerSide;
  /** of every column, scaled or not */
  names: readonly string[];
}

/** README.txt of the scaler archive. */
export const scalerReadme = (stamp: string, { i, o }: { i: NamedSide; o: NamedSide }): string => `Scalers of a Lastgang training

Each column of a model has a min-max scaler of its own, or none:

    scaled   = x * scale + min
    original = (scaled - min) / scale

i_scale_${stamp}.json  input columns, parameters as JSON
o_scale_${stamp}.json  output columns
i_scale_${stamp}.save  the same as a Python pickle: {column index: MinMaxScaler or None}
o_scale_${stamp}.save
load_scalers.py                     loads the pickles; run it to see what is in them

Input columns (index, name, range of the data -> range of the model):
${columnList(i)}

Output columns:
${columnList(o)}

Python (scikit-learn 1.3 or later, numpy 1 or 2):

    from load_scalers import load, scale, unscale
    inputs, outputs = load()
    x_scaled = scale(inputs, x)          # x: array (..., input columns)
    y = unscale(outputs, forecast)       # forecast: array (..., output columns)

Load pickles from sources you trust only; the JSON files hold the same numbers.
`;

const columnList = ({ side, names }: NamedSide): string =>
  names
    .map((name, index) => {
      const scaler = side[String(index)];
      const ranges = scaler ? `${scaler.data_min} … ${scaler.data_max} -> ${scaler.feature_range.join(' … ')}` : 'not scaled';
      return `    ${index}  ${oneLine(name)}: ${ranges}`;
    })
    .join('\n');

/** A label is the user's text: it must not add lines. */
const oneLine = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/** load_scalers.py of the scaler archive. */
export const scalerLoader = (stamp: string): string => `"""Loads the scalers of a Lastgang training; needs scikit-learn and numpy."""
import pickle
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent


def load():
    """Returns (inputs, outputs): dicts from column index to a fitted MinMaxScaler, or None for a column that is not scaled."""
    return _load("i_scale_${stamp}.save"), _load("o_scale_${stamp}.save")


def scale(scalers, values):
    """Scales an array (..., columns) column by column."""
    return _each_column(scalers, values, "transform")


def unscale(scalers, values):
    """Brings an array (..., columns) back to original units."""
    return _each_column(scalers, values, "inverse_transform")


def _load(name):
    with open(HERE / name, "rb") as file:
        return pickle.load(file)


def _each_column(scalers, values, method):
    result = np.array(values, dtype=float)
    for column, scaler in scalers.items():
        if scaler is not None:
            cells = result[..., column].reshape(-1, 1)
            result[..., column] = getattr(scaler, method)(cells).reshape(result.shape[:-1])
    return result


if __name__ == "__main__":
    for side, scalers in zip(("input", "output"), load()):
        for column, scaler in scalers.items():
            print(side, column, "not scaled" if scaler is None else f"* {scaler.scale_[0]!r} + {scaler.min_[0]!r}")
`;
