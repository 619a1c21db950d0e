import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgressRow } from '../../store';
import { WorkflowUnavailable } from '../../temporal';
import type { Services } from '../types';
import type { StartedJob } from './launch';
import { isActive } from './status';

// A caller that hung up is noticed, and an outage of Temporal bridged, this often.
const SLICE_MS = 10_000;
const OUTAGE_PAUSE_MS = 1_000;

/**
 * Waits for the end of a job.
 * @param gone true when nobody waits for the answer any more
 * @returns the terminal row; null when the job still runs after `ms`
 */
export async function awaitJob(
  { store, workflows }: Pick<Services, 'store' | 'workflows'>,
  { runId, workflowId }: StartedJob,
  ms: number,
  gone: () => boolean,
): Promise<ProgressRow | null> {
  const deadline = Date.now() + ms;
  for (;;) {
    const left = deadline - Date.now();
    const ended = await waited(() => workflows.waitForEnd(workflowId, Math.max(1, Math.min(left, SLICE_MS))));
    if (ended || left <= SLICE_MS) {
      const row = await store.service.run(runId);
      if (row && !isActive(row)) return row;
    }
    if (gone() || Date.now() >= deadline) return null;
    if (ended || ended === null) await sleep(Math.min(OUTAGE_PAUSE_MS, Math.max(0, deadline - Date.now())));
  }
}

/** null = Temporal is away; the job's row decides then */
async function waited(wait: () => Promise<boolean>): Promise<boolean | null> {
  try {
    return await wait();
  } catch (error) {
    if (error instanceof WorkflowUnavailable) return null;
    throw error;
  }
}
