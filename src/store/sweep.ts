import { call, type Database } from './clients';
import type { ServiceStore } from './interfaces';

/** Steps of the clean-up that are one statement in the database (data-model.md 8). */
export const sweep = (database: Database): Pick<ServiceStore, 'sweepExpiredUploads' | 'sweepCharges' | 'sweepLogs' | 'orphanObjects'> => ({
  async sweepExpiredUploads(ageHours, limit) {
    const done = await call<{ expired: number; tombstones_removed: number }>(database, 'sweep_expired_uploads', {
      p_age: `${ageHours} hours`,
      p_limit: limit,
    });
    return { expired: done.expired, tombstonesRemoved: done.tombstones_removed };
  },

  sweepCharges: (limit) => call<number>(database, 'sweep_charges', { p_limit: limit }),

  sweepLogs: (limit) => call<number>(database, 'sweep_logs', { p_limit: limit }),

  orphanObjects: (bucket, olderThanHours, limit) =>
    call<string[]>(database, 'orphan_objects', { p_bucket: bucket, p_age: `${olderThanHours} hours`, p_limit: limit }),
});
