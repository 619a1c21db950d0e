export { connectionOptions, createClient } from './connection';
export { WorkflowUnavailable } from './errors';
export type { QueuedRow } from './startJob';
export { createWorkflows } from './workflows';
export type { Workflows } from './types';
