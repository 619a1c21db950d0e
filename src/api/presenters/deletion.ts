import type { DeleteSessionOutcome } from '../../store';
import type { OwnSession } from '../types';

type Body = Record<string, unknown>;

const withWarnings = (warnings: readonly string[]): Body => (warnings.length > 0 ? { warnings } : {});

/** Answer of POST /session/:session_id/delete (http-api route 7). */
export const sessionDeleted = (session: OwnSession, warnings: readonly string[]): Body => ({
  success: true,
  message: `Session ${session.ref} deleted successfully`,
  ...withWarnings(warnings),
});

/** Answer of POST /delete-all-sessions (http-api route 8). Nothing lies on the local disk; those figures are kept for old clients. */
export function allSessionsDeleted(
  { counts, objects }: Pick<DeleteSessionOutcome, 'counts' | 'objects'>,
  warnings: readonly string[],
): Body {
  const sessions = counts['sessions'] ?? 0;
  const records = Object.values(counts).reduce((sum, count) => sum + count, 0);
  // an object may be queued by its row and by its folder
  const removed = new Set(objects.map(({ bucket, path }) => `${bucket}/${path}`));
  const perBucket: Record<string, number> = {};
  for (const name of removed) {
    const bucket = name.slice(0, name.indexOf('/'));
    perBucket[bucket] = (perBucket[bucket] ?? 0) + 1;
  }
  return {
    success: true,
    message: sessions > 0 ? `Deleted ${sessions} sessions for user` : 'No sessions found for this user',
    summary: {
      database_records_deleted: records,
      storage_files_deleted: removed.size,
      local_directories_deleted: 0,
      local_files_deleted: 0,
    },
    details: {
      initial_counts: counts,
      deleted_counts: counts,
      storage_deleted: perBucket,
      local_deleted: { directories: 0, files: 0 },
    },
    ...withWarnings(warnings),
  };
}
