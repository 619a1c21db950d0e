export const METRIC_NAMES = ['MAE', 'MAPE', 'MSE', 'RMSE', 'NRMSE', 'WAPE', 'sMAPE', 'MASE'] as const;
export type MetricName = (typeof METRIC_NAMES)[number];
/** The eight metrics of pipeline.md 14.3; null where undefined. */
export type Metrics = Record<MetricName, number | null>;
