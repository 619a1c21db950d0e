export { meanOverOutputs, metrics, noMetrics } from './metrics';
export { METRIC_NAMES } from './types';
export type { MetricName, Metrics } from './types';
