export { fitSvr, runToEnd } from './fitSvr';
export { predictSvr } from './predictSvr';
export type { SvrModelDocument, SvrOptions, SvrOutput } from './types';
