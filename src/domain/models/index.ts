export { fitLinear } from './fitLinear';
export { predictLinear } from './predictLinear';
export { fitSvr, predictSvr, runToEnd } from './svr';
export { windowRows } from './windowRows';
export type { SvrModelDocument, SvrOptions, SvrOutput } from './svr';
export type { LinearModelDocument, LinearOutput, RowBlock, RowSource } from './types';
