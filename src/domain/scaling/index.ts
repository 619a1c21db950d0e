export { copyOriginal, copyScaled, fitScaler, fitScalers, inverseScaled, scaleValue, unscaleValue } from './scaler';
export type { ScalerSide } from './scaler';
export type { ScalerDocument, ScalerParameters } from './types';
