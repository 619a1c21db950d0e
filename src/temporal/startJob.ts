import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Logger } from '../log';
import type { Store } from '../store/interfaces';
import type { ProgressRow } from '../store/types';
import type { Job } from '../workflows/messages';
import { PIPELINE_QUEUE } from '../workflows/queues';
import { GRPC, grpcCode, unavailable } from './errors';
import { keyword, ofSession } from './searchAttributes';

// A start is one short transaction of the server.
const START_DEADLINE_MS = 5_000;
// data-model.md 3.1: a predecessor whose row is already terminal gets this long to end by itself.
const PREDECESSOR_GRACE_MS = 10_000;
const REPEAT_MS = 250;
// After its termination the id is free at once; the limit only guards against a predecessor that is started again and again.
const STARTS_AFTER_TERMINATION = 5;

/** Statuses no repetition can cure: a wrong request, missing rights, an unknown namespace. */
const REFUSALS: ReadonlySet<number> = new Set([GRPC.INVALID_ARGUMENT, GRPC.PERMISSION_DENIED, GRPC.UNAUTHENTICATED, GRPC.NOT_FOUND]);

export type QueuedRow = Pick<ProgressRow, 'run_id' | 'session_id' | 'job' | 'workflow_id' | 'input'>;

export interface Starter {
  client: Client;
  store: Store;
  log: Logger;
}

/**
 * Starts the workflow of a queued row from its input (data-model.md 3.1). Any number of processes may do so for one row: the id admits one.
 * @returns 'started' also when the same run holds the id already; 'refused' when the server will never accept this start
 * @throws WorkflowUnavailable when Temporal does not answer; the row stays queued and is started later
 */
export async function startJob({ client, store, log }: Starter, row: QueuedRow): Promise<'started' | 'refused'> {
  const graceEnds = Date.now() + PREDECESSOR_GRACE_MS;
  for (let terminations = 0; terminations < STARTS_AFTER_TERMINATION;) {
    // another process may have started it meanwhile, and a short run may even have ended: a second start would run the job again
    if (!(await stillQueued(store, row.run_id))) return 'started';
    const outcome = await tryStart(client, row);
    if (outcome !== 'held') {
      if (outcome === 'refused')
        log.error({ runId: row.run_id, workflowId: row.workflow_id }, 'the start of a workflow was refused for good');
      return outcome;
    }
    if ((await holder(client, row.workflow_id)) === row.run_id) return 'started';
    if (Date.now() < graceEnds) {
      await sleep(REPEAT_MS);
    } else {
      terminations += 1;
      log.warn(
        { runId: row.run_id, workflowId: row.workflow_id },
        'terminating the workflow of an ended run that holds the id of a new one',
      );
      await terminate(client, row.workflow_id);
    }
  }
  throw unavailable('start', new Error(`the id ${row.workflow_id} stays held by another run`));
}

async function stillQueued(store: Store, runId: string): Promise<boolean> {
  const row = await store.service.run(runId);
  return row?.status === 'queued' && row.temporal_run_id === null;
}

async function tryStart(client: Client, row: QueuedRow): Promise<'started' | 'refused' | 'held'> {
  try {
    await client.connection.withDeadline(Date.now() + START_DEADLINE_MS, () => client.workflow.start(workflowType(row), startOptions(row)));
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'held';
    if (error instanceof WorkflowNotFoundError || REFUSALS.has(grpcCode(error) ?? 0)) return 'refused';
    throw unavailable('start', error);
  }
}

/** The run that holds the workflow id, by the memo of its start; null when it ended meanwhile. */
async function holder(client: Client, workflowId: string): Promise<string | null> {
  try {
    const execution = await client.connection.withDeadline(Date.now() + START_DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    const runId = execution.memo?.['runId'];
    return execution.status.name === 'RUNNING' && typeof runId === 'string' ? runId : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw unavailable('describe', error);
  }
}

async function terminate(client: Client, workflowId: string): Promise<void> {
  try {
    await client.connection.withDeadline(Date.now() + START_DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).terminate('its run has ended and a new one waits'),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw unavailable('terminate', error);
  }
}

const workflowType = (row: QueuedRow): string => (row.job === 'dataset' ? 'generateDatasetsWorkflow' : 'trainModelsWorkflow');

function startOptions({ workflow_id: workflowId, run_id: runId, input }: QueuedRow): WorkflowStartOptions<(job: Job) => Promise<unknown>> {
  return {
    workflowId,
    taskQueue: PIPELINE_QUEUE,
    args: [input],
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: searchAttributes(input),
    // runId tells a repeated start whether the holder of the id is this very run
    memo: { session: input.sessionName ?? input.sessionRef, runId },
    staticSummary: summary(input),
  };
}

const searchAttributes = (job: Job): SearchAttributePair[] =>
  job.job === 'training' ? [...ofSession(job), keyword('ModelMode', job.training.model.kind)] : ofSession(job);

/** Title of the run in the Web UI, at most 400 bytes: one name of 64 characters and fixed words. */
function summary(job: Job): string {
  const name = (job.sessionName ?? job.sessionRef).slice(0, 64);
  return job.job === 'training' ? `Train ${job.training.model.kind}: ${name}` : `Build the dataset: ${name}`;
}
