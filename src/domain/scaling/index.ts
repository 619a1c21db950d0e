export { copyOriginal, copyScaled, fitScaler, fitScalers, inverseScaled, scaleValue, unscaleValue } from './scaler';
export type { ScalerSide } from './scaler';
export { scaleTable, tableByName, tableByOrder } from './scaleTable';
export type { ColumnScaling, ScaledTable, Table, TableColumn } from './scaleTable';
export type { ScalerDocument, ScalerParameters } from './types';
