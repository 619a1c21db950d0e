export { connectionOptions, createClient } from './connection';
export { WorkflowUnavailable } from './errors';
export { createWorkflows } from './workflows';
export type { Workflows } from './types';
