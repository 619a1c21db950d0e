export { fitLinear } from './fitLinear';
export { predictLinear } from './predictLinear';
export { windowRows } from './windowRows';
export type { LinearModelDocument, LinearOutput, RowBlock, RowSource } from './types';
