export { attachRealtime } from './server';
export type { Realtime } from './server';
