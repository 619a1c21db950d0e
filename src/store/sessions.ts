import type { Database } from './clients';
import { answer, call, firstRow } from './clients';
import type { ServiceStore, UserStore } from './interfaces';
import { bucketNames, type Buckets } from './buckets';
import type { ActiveJob, ResolvedFile, ResolvedSession, SessionListRow, SessionRow, UploadView } from './types';

interface Named {
  session_id: string;
  string_session_id: string | null;
}
type Owned<T> = (T & { owned: true }) | { owned: false } | null;

/** A session as resolve_session answers it. */
export type SessionRecord = Owned<Named>;

export function resolvedSession(found: SessionRecord): ResolvedSession | null {
  if (!found?.owned) return found && { owned: false };
  return { owned: true, sessionId: found.session_id, stringId: found.string_session_id };
}

export const userSessions = (
  database: Database,
  buckets: Buckets,
): Pick<
  UserStore,
  'resolveSession' | 'resolveFile' | 'createSession' | 'listSessions' | 'session' | 'updateSession' | 'deleteSession' | 'deleteAllSessions'
> => ({
  resolveSession: async (ref) => resolvedSession(await call<SessionRecord>(database, 'resolve_session', { p_ref: ref })),

  async resolveFile(fileId): Promise<ResolvedFile | null> {
    const found = await call<Owned<{ file_id: string; session_id: string }>>(database, 'resolve_file', { p_file: fileId });
    if (!found?.owned) return found && { owned: false };
    return { owned: true, fileId: found.file_id, sessionId: found.session_id };
  },

  async createSession({ ref, name, timeInfo, zeitschritte }) {
    const made = await call<{ owned: boolean; session_id: string | null; created: boolean }>(database, 'create_session', {
      p_ref: ref,
      p_name: name,
      p_time_info: timeInfo,
      p_zeitschritte: zeitschritte,
    });
    return { owned: made.owned, sessionId: made.session_id ?? '', created: made.created };
  },

  async listSessions({ limit, beforeTime, beforeId }) {
    const page = await call<{ rows: SessionListRow[]; total_count: number }>(database, 'list_user_sessions', {
      p_limit: limit,
      p_before_time: beforeTime,
      p_before_id: beforeId,
    });
    return { rows: page.rows, totalCount: page.total_count };
  },

  session: (sessionId) => firstRow<SessionRow>(database.from('sessions').select('*').eq('id', sessionId)),

  async updateSession(sessionId, patch) {
    await answer(database.from('sessions').update(patch).eq('id', sessionId));
  },

  async deleteSession(sessionId) {
    const done = await call<Deletion & { found: boolean }>(database, 'delete_session', { p_session: sessionId });
    return { found: done.found, ...deletion(done, buckets) };
  },

  async deleteAllSessions() {
    const done = await call<Deletion & { sessions: Named[] }>(database, 'delete_user_sessions', {});
    const sessions = done.sessions.map(({ session_id, string_session_id }) => ({ sessionId: session_id, stringId: string_session_id }));
    return { sessions, ...deletion(done, buckets) };
  },
});

interface Deletion {
  active_job: ActiveJob | null;
  counts: Record<string, number> | null;
  objects: { bucket: string; path: string }[] | null;
}

const deletion = ({ active_job, counts, objects }: Deletion, buckets: Buckets) => ({
  activeJob: active_job,
  counts: counts ?? {},
  objects: (objects ?? []).map(({ bucket, path }) => ({ bucket: bucketNames(buckets)(bucket), path })),
});

type Finalized =
  | { outcome: 'finalized'; n_dat: number; n_dat_source: 'rows' | 'windows'; file_count: number; finalized_at: string }
  | { outcome: 'incomplete'; uploads: UploadView[] }
  | { outcome: 'not_found' };

export const serviceSessions = (database: Database): Pick<ServiceStore, 'finalizeSession' | 'plotMade' | 'datasetAdopted' | 'session'> => ({
  async finalizeSession({ sessionId, timeInfo, zeitschritte, contentHash }) {
    const done = await call<Finalized>(database, 'finalize_session', {
      p_session: sessionId,
      p_time_info: timeInfo,
      p_zeitschritte: zeitschritte,
      p_content_hash: contentHash,
    });
    if (done.outcome !== 'finalized') return done;
    return {
      outcome: 'finalized',
      nDat: done.n_dat,
      nDatSource: done.n_dat_source,
      fileCount: done.file_count,
      finalizationTime: new Date(done.finalized_at).toISOString(),
    };
  },

  async plotMade(sessionId) {
    await answer(database.from('sessions').update({ workflow_phase: 'completed' }).eq('id', sessionId).eq('workflow_phase', 'phase4'));
  },

  async datasetAdopted(sessionId, nDat) {
    await answer(database.from('sessions').update({ n_dat: nDat, n_dat_source: 'windows' }).eq('id', sessionId));
    await answer(database.from('sessions').update({ workflow_phase: 'phase2' }).eq('id', sessionId).eq('workflow_phase', 'upload'));
  },

  async session(sessionId) {
    type Row = SessionRow & { session_mappings: { string_session_id: string } | { string_session_id: string }[] | null };
    const row = await firstRow<Row>(database.from('sessions').select('*, session_mappings(string_session_id)').eq('id', sessionId));
    if (!row) return null;
    const { session_mappings, ...session } = row;
    // a unique foreign key is embedded as one object by PostgREST, as a list by servers that do not look at the constraint
    const mapping = Array.isArray(session_mappings) ? session_mappings[0] : session_mappings;
    return { ...session, string_session_id: mapping?.string_session_id ?? null };
  },
});
