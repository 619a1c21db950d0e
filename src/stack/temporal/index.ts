export { givenTemporal } from './connection';
export type { TemporalAddress } from './connection';
export { temporalSpec } from './devServer';
export { isPolled } from './pollers';
export { registerSearchAttributes, scheduleCleanup } from './preparation';
