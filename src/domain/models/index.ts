export { fitLinear } from './fitLinear';
export { predictLinear } from './predictLinear';
export { copyWindows, windowRows } from './windowRows';
export type { LinearModelDocument, LinearOutput, RowBlock, RowSource } from './types';
