export type { Emit, ServerEvent } from './types';
export { sessionRoom, uploadRoom } from './types';
export { createEmitter } from './emitter';
export type { Emitter } from './emitter';
export * from './events';
export * from './phases';
export { Pacer } from './pacer';
export { RunClosed, trackProgress } from './progress';
export type { JobProgress, ProgressRun, ProgressServices, Report } from './progress';
