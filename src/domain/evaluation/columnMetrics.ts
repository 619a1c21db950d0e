import { errorSums, mergeSums, metricsOf, sumOfDifferences, sumOfSteps } from '../metrics';
import type { Metrics } from '../metrics';
import type { StepColumns } from './blocks';

/** Metrics of one output at one averaging level. */
export interface ColumnMetrics {
  /** all values, window after window */
  overall: Metrics;
  /** each column alone */
  perStep: Metrics[];
}

/** Both uses of pipeline.md 14.4 from the sums of each column; the vectors differ only in what MASE takes as neighbours. */
export function columnMetrics({ truth, forecast }: StepColumns): ColumnMetrics {
  const sums = truth.map((column, step) => errorSums(column, forecast[step]!));
  return {
    overall: metricsOf(mergeSums(sums), sumOverWindows(truth)),
    perStep: sums.map((one, step) => metricsOf(one, sumOfSteps(truth[step]!))),
  };
}

/** Σ|y_t − y_(t−1)| of the vector "window after window": neighbouring steps of each window, and the seams from its last step to the next first. */
function sumOverWindows(columns: readonly Float64Array[]): number {
  const first = columns[0]!;
  let sum = sumOfDifferences(columns[columns.length - 1]!.subarray(0, -1), first.subarray(1));
  for (let step = 1; step < columns.length; step += 1) sum += sumOfDifferences(columns[step - 1]!, columns[step]!);
  return sum;
}
