export { meanOverOutputs, metrics, metricsOf } from './metrics';
export { errorSums, mergeSums, sumOfDifferences, sumOfSteps } from './sums';
export type { ErrorSums } from './sums';
export { METRIC_NAMES } from './types';
export type { MetricName, Metrics } from './types';
