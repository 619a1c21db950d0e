/** What the workflows expect of any Temporal server, embedded or given: search attributes and the clean-up schedule. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, Connection } from '@temporalio/client';
import { CLEANUP_SCHEDULE_ID, CLEANUP_WORKFLOW_ID } from '../../workflows/ids';
import { PIPELINE_QUEUE, SEARCH_ATTRIBUTES } from '../../workflows/queues';
import { StackError } from '../types';
import { withTemporal } from './connection';
import type { TemporalAddress } from './connection';

const KEYWORD = 2; // temporal.api.enums.v1.INDEXED_VALUE_TYPE_KEYWORD
const NOT_FOUND = 5; // gRPC status
const VISIBLE_WITHIN_MS = 30_000; // a cluster refreshes its cache of search attributes after some seconds

async function missingAttributes({ operatorService }: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return SEARCH_ATTRIBUTES.filter((name) => Number(customAttributes?.[name]) !== KEYWORD);
}

/** @throws StackError when a given server does not answer or lacks the namespace */
export async function checkTemporal(address: TemporalAddress): Promise<void> {
  const { namespace } = address;
  try {
    await withTemporal(address, (_client, { workflowService }) => workflowService.describeNamespace({ namespace }));
  } catch (error) {
    const { code, message } = error as { code?: number; message: string };
    if (code === NOT_FOUND) {
      throw new StackError(`Temporal at ${address.address} has no namespace "${namespace}": create it, or correct TEMPORAL_NAMESPACE.`);
    }
    throw new StackError(
      `Temporal at ${address.address} does not answer (${message}): start it, or correct TEMPORAL_ADDRESS and its credentials.`,
    );
  }
}

/** @throws StackError when the server does not let us register them (Temporal Cloud: an administrator does it) */
export async function registerSearchAttributes(address: TemporalAddress): Promise<void> {
  const { namespace } = address;
  try {
    await withTemporal(address, async (_client, connection) => {
      const missing = await missingAttributes(connection, namespace);
      if (missing.length === 0) return;
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
      });
    });
    const until = Date.now() + VISIBLE_WITHIN_MS;
    while ((await withTemporal(address, (_client, connection) => missingAttributes(connection, namespace))).length > 0) {
      if (Date.now() > until) throw new Error('they do not appear');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(
      `Temporal at ${address.address} lacks the search attributes ${SEARCH_ATTRIBUTES.join(', ')} (Keyword) and did not take them (${reason}): register them by temporal operator search-attribute create.`,
    );
  }
}

/** The sweep (data-model.md: expiry, orphans): one at a time; sweeps missed for longer than an interval are not made up. */
export async function scheduleCleanup(address: TemporalAddress, intervalMinutes: number): Promise<void> {
  const interval = `${intervalMinutes} minutes` as const;
  const settings = {
    spec: { intervals: [{ every: interval }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'cleanupWorkflow',
      workflowId: CLEANUP_WORKFLOW_ID,
      taskQueue: PIPELINE_QUEUE,
      args: [{}],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: interval, pauseOnFailure: false },
  };
  await withTemporal(address, async ({ schedule }: Client) => {
    try {
      await schedule.create({ scheduleId: CLEANUP_SCHEDULE_ID, ...settings });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      // the settings are ours, an operator's pause stays
      await schedule.getHandle(CLEANUP_SCHEDULE_ID).update(({ state }) => ({ ...settings, state }));
    }
  });
}
