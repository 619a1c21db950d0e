import { withHeartbeat } from '../heartbeats';
import type { ActivityServices } from '../services';
import type { CleanupActivities } from '../types';
import { BATCH, untilEmpty } from './sweep';

type Services = Pick<ActivityServices, 'config' | 'store' | 'folders'>;

/** The steps of the sweep that only ask the database (data-model.md 8). Each is idempotent. */
export const createDatabaseSteps = ({
  config,
  store: { service },
  folders,
}: Services): Pick<CleanupActivities, 'expireUploads' | 'settleCharges' | 'trimLogs' | 'removeWorkFolders'> => ({
  /** Uploads without activity for a day, of sessions that are not finalized, become tombstones; old tombstones go. */
  expireUploads: () =>
    withHeartbeat(async () => {
      const counts = { expired: 0, tombstonesRemoved: 0 };
      await untilEmpty(async () => {
        const done = await service.sweepExpiredUploads(config.UPLOAD_MAX_AGE_HOURS, BATCH);
        counts.expired += done.expired;
        counts.tombstonesRemoved += done.tombstonesRemoved;
        return Math.max(done.expired, done.tombstonesRemoved);
      });
      return counts;
    }),

  /** Reserved units whose operation is over. */
  settleCharges: () => withHeartbeat(async () => ({ settled: await untilEmpty(() => service.sweepCharges(BATCH)) })),

  trimLogs: () => withHeartbeat(async () => ({ removed: await untilEmpty(() => service.sweepLogs(BATCH)) })),

  /** Folders that dead workers left on this machine. */
  removeWorkFolders: () => withHeartbeat(async () => ({ removed: await folders.sweep() })),
});
