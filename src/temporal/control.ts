import type { Client } from '@temporalio/client';
import { isGrpcDeadlineError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { cancelJob as cancelSignal } from '../workflows/messages';
import { PIPELINE_QUEUE, TRAINING_QUEUE } from '../workflows/queues';
import { unavailable } from './errors';

// Signals, terminations and descriptions need no worker; the server answers in milliseconds.
const CALL_DEADLINE_MS = 5_000;
// /ready gives each of its checks 2 s
const POLLERS_DEADLINE_MS = 1_800;

/** Signals a job's workflow to cancel; the signal is durable, a worker that is down hears it when it comes back. */
export async function cancelJob(client: Client, workflowId: string): Promise<'signalled' | 'not_running'> {
  try {
    await client.connection.withDeadline(Date.now() + CALL_DEADLINE_MS, () => client.workflow.getHandle(workflowId).signal(cancelSignal));
    return 'signalled';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'not_running';
    throw unavailable('signal', error);
  }
}

/** Waits for the end of the newest run of a workflow, whatever its outcome. A workflow that does not exist has ended. */
export async function waitForEnd(client: Client, workflowId: string, ms: number): Promise<boolean> {
  try {
    await client.connection.withDeadline(Date.now() + ms, () => client.workflow.getHandle(workflowId).result());
    return true;
  } catch (error) {
    if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return true;
    if (isGrpcDeadlineError(error)) return false;
    throw unavailable('wait', error);
  }
}

/** Ends a workflow without its clean-up; none running is fine. */
export async function terminate(client: Client, workflowId: string, reason: string): Promise<void> {
  try {
    await client.connection.withDeadline(Date.now() + CALL_DEADLINE_MS, () => client.workflow.getHandle(workflowId).terminate(reason));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw unavailable('terminate', error);
  }
}

/** Pollers per task queue; pipeline counts those of workflow tasks, training those of activities (it runs nothing else). */
export async function pollers(client: Client): Promise<Record<string, number>> {
  const count = async (name: string, taskQueueType: 1 | 2): Promise<[string, number]> => {
    const answer = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name },
      taskQueueType,
    });
    return [name, answer.pollers.length];
  };
  try {
    const counts = await client.connection.withDeadline(Date.now() + POLLERS_DEADLINE_MS, () =>
      Promise.all([count(PIPELINE_QUEUE, 1), count(TRAINING_QUEUE, 2)]),
    );
    return Object.fromEntries(counts);
  } catch (error) {
    throw unavailable('describe task queue', error);
  }
}
