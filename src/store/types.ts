/** Every type of the store. */
export type * from './outcomes';
export type * from './tables';
