import { fitLinear, predictLinear } from '../../../src/domain/models';
import type { RowSource } from '../../../src/domain/models';
import type { ForecastArrays } from '../../../src/domain/evaluation';
import { fitScaler } from '../../../src/domain/scaling';
import { exampleWindows, SPLIT, STEPS } from '../../golden/example';

/** A fitted model's forecast of rows of scaled features. */
type Predict = (x: Float64Array, rows: number) => Float64Array;

const linear = (source: RowSource): Predict => {
  const model = fitLinear(source);
  return (x, rows) => predictLinear(model, x, rows);
};

/** Forecast of the golden example (pipeline.md 21) for its validation and test parts, scaled and in original units; by the linear model or another one. */
export function exampleForecast(
  scalerFit: 'all' | 'train',
  fit: (source: RowSource) => Predict = linear,
): Record<'validationScaled' | 'testScaled' | 'testOriginal', ForecastArrays> {
  const windows = exampleWindows();
  const cellsOf = (count: number) => count * STEPS * 2;
  const input = scaled(windows.x, scalerFit);
  const output = scaled(windows.y, scalerFit);
  const trainEnd = cellsOf(SPLIT.train);
  const validationEnd = trainEnd + cellsOf(SPLIT.validation);
  const model = fit({
    features: ['A', 'B'],
    targets: ['C', 'D'],
    blocks: () => [{ rows: SPLIT.train * STEPS, x: input.cells.subarray(0, trainEnd), y: output.cells.subarray(0, trainEnd) }],
  });
  const arrays = (truth: Float64Array, forecast: Float64Array): ForecastArrays => ({
    truth,
    forecast,
    windows: truth.length / cellsOf(1),
    steps: STEPS,
    outputs: [
      { label: 'C', stepMin: 15 },
      { label: 'D', stepMin: 15 },
    ],
  });
  const predict = (from: number, to: number) => model(input.cells.subarray(from, to), (to - from) / 2);
  const testScaled = predict(validationEnd, input.cells.length);
  return {
    validationScaled: arrays(output.cells.subarray(trainEnd, validationEnd), predict(trainEnd, validationEnd)),
    testScaled: arrays(output.cells.subarray(validationEnd), testScaled),
    testOriginal: arrays(
      windows.y.subarray(validationEnd),
      testScaled.map((value, i) => (value - output.scalers[i % 2]!.min) / output.scalers[i % 2]!.scale),
    ),
  };
}

function scaled(cells: Float64Array, scalerFit: 'all' | 'train') {
  const fitted = scalerFit === 'all' ? cells : cells.subarray(0, SPLIT.train * STEPS * 2);
  const scalers = [0, 1].map((column) => {
    const values = Array.from(fitted).filter((_, i) => i % 2 === column);
    return fitScaler('', { min: Math.min(...values), max: Math.max(...values) }, { min: 0, max: 1 }, values.length);
  });
  return { scalers, cells: cells.map((value, i) => value * scalers[i % 2]!.scale + scalers[i % 2]!.min) };
}
