import { withTemporal } from './connection';
import type { TemporalAddress } from './connection';

const TASK_QUEUE_TYPE_ACTIVITY = 2; // temporal.api.enums.v1

/** Whether a worker has asked this queue for activities since then. (Pollers of ended workers stay listed for minutes.) */
export const isPolled = (address: TemporalAddress, queue: string, since: Date): Promise<boolean> =>
  withTemporal(address, async (_client, { workflowService }) => {
    const { pollers } = await workflowService.describeTaskQueue({
      namespace: address.namespace,
      taskQueue: { name: queue },
      taskQueueType: TASK_QUEUE_TYPE_ACTIVITY,
    });
    return (pollers ?? []).some(
      ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= Math.floor(since.getTime() / 1000) * 1000,
    );
  });
