/** Process entry: all workflows and the light activities, queue `pipeline`. */
import path from 'node:path';
import { createPipelineActivities } from '../activities/pipeline';
import { PIPELINE_QUEUE } from '../workflows/queues';
import { runEntry, runWorkerProcess } from './bootstrap';

// About 1 MB each; beyond it the oldest is replayed when it goes on.
const CACHED_WORKFLOWS = 300;
// Mostly waiting for database and storage; computations queue up in the thread pool.
const ACTIVITIES_AT_A_TIME = 40;

runEntry('pipeline', () =>
  runWorkerProcess('pipeline', (services) => ({
    taskQueue: PIPELINE_QUEUE,
    workflowBundle: { codePath: path.resolve(__dirname, '../workflow-bundle.js') },
    activities: createPipelineActivities(services),
    maxCachedWorkflows: CACHED_WORKFLOWS,
    maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_A_TIME,
    shutdownGraceTime: '3s', // what ends by itself within it need not be repeated
    shutdownForceTime: '15s',
  })),
);
