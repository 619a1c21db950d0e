export { createDrawingThread } from './thread';
export type { Draw } from './thread';
export type { DrawnTestSet, TestSetTask } from './testSetWorker';
export type { ViolinTask } from './violinWorker';
