export { givenTemporal } from './connection';
export type { TemporalAddress } from './connection';
export { temporalSpec } from './devServer';
export { isPolled } from './pollers';
export { checkTemporal, registerSearchAttributes, scheduleCleanup } from './preparation';
