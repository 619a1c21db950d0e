export { startStack } from './launcher';
export { PARTS, StackError } from './types';
export type { Endpoints, Part, Stack, StackOptions } from './types';
