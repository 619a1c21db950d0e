import { log } from '@temporalio/workflow';
import type { SweepCounts } from '../activities/types';
import { cleanup } from './proxies';

/**
 * One sweep (data-model.md 8), started by the schedule. Uploads expire before queued objects are removed, so that one sweep finishes what
 * it began; a step that fails is left to the next sweep and does not stop the others.
 *
 * @returns counts only, no names
 */
export async function cleanupWorkflow(): Promise<Record<string, SweepCounts | 'failed'>> {
  const report: Record<string, SweepCounts | 'failed'> = {};
  const steps = {
    recoverJobs: cleanup.recoverJobs,
    expireUploads: cleanup.expireUploads,
    settleCharges: cleanup.settleCharges,
    removeOrphans: cleanup.removeOrphans,
    removeQueuedObjects: cleanup.removeQueuedObjects,
    trimLogs: cleanup.trimLogs,
    removeWorkFolders: cleanup.removeWorkFolders,
  };
  for (const [name, step] of Object.entries(steps)) {
    try {
      report[name] = await step();
    } catch (error) {
      log.warn('a step of the sweep failed', { step: name, error: error instanceof Error ? error.name : 'unknown' });
      report[name] = 'failed';
    }
  }
  return report;
}
