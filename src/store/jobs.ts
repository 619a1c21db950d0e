import type { JobKind } from '../workflows/messages';
import { allRows, answer, call, firstRow, type Database } from './clients';
import type { ServiceStore, UserStore } from './interfaces';
import { quotaState } from './quota';
import { withNumbers } from './rows';
import type { ActiveJob, BeginJobOutcome, FinishOutcome, OpenRunOutcome, ProgressRow, QuotaRecord } from './types';

const numbers = (row: ProgressRow): ProgressRow =>
  withNumbers(row, ['overall_progress', 'epoch', 'total_epochs', 'loss', 'val_loss', 'eta_seconds', 'seq']);

export const userJobs = (database: Database): Pick<UserStore, 'progress' | 'activeJobs'> => ({
  async progress(sessionId) {
    const rows = await answer<ProgressRow[]>(
      database.from('training_progress').select('*').eq('session_id', sessionId).order('created_at', { ascending: false }),
    );
    return rows.map(numbers);
  },

  async activeJobs() {
    const active = ['queued', 'running'];
    const rows = await allRows<ProgressRow>((from, to) =>
      database.from('training_progress').select('*').in('status', active).order('run_id').range(from, to),
    );
    return rows.map(numbers);
  },
});

type Begun =
  | { outcome: 'started' | 'not_found' | 'forbidden' }
  | { outcome: 'in_progress'; active: ActiveJob }
  | { outcome: 'limit_reached' | 'training_not_available' | 'no_subscription'; quota: QuotaRecord };

type Opened = { outcome: 'opened'; run_id: string; started_at: string; status: ProgressRow['status'] } | { outcome: 'superseded' };

type JobLife = 'beginJob' | 'openRun' | 'abortJob' | 'recordProgress' | 'finishJob' | 'markPublished';

const life = (database: Database): Pick<ServiceStore, JobLife> => ({
  async beginJob({ userId, job, workflowId, kind, chargeKey }): Promise<BeginJobOutcome> {
    const begun = await call<Begun>(database, 'begin_job', {
      p_user: userId,
      p_session: job.sessionId,
      p_job: job.job,
      p_run: job.runId,
      p_workflow: workflowId,
      p_input: job,
      p_kind: kind,
      p_key: chargeKey,
    });
    return 'quota' in begun ? { outcome: begun.outcome, quota: quotaState(begun.quota) } : begun;
  },

  async openRun(runId, temporalRunId, job): Promise<OpenRunOutcome> {
    const opened = await call<Opened>(database, 'open_run', { p_run: runId, p_temporal_run: temporalRunId, p_input: job ?? null });
    if (opened.outcome === 'superseded') return opened;
    return { outcome: 'opened', runId: opened.run_id, startedAt: opened.started_at, status: opened.status };
  },

  async abortJob(runId) {
    await call(database, 'abort_job', { p_run: runId });
  },

  recordProgress: (runId, patch) => call<ProgressRow | null>(database, 'record_progress', { p_run: runId, p_patch: patch }),

  finishJob: (runId, status, payload) =>
    call<FinishOutcome>(database, 'finish_job', { p_run: runId, p_status: status, p_payload: payload }),

  markPublished: (runId) => call<boolean>(database, 'mark_published', { p_run: runId }),
});

export const serviceJobs = (
  database: Database,
): Pick<ServiceStore, JobLife | 'run' | 'progress' | 'unstartedJobs' | 'activeJobs' | 'queuePosition' | 'trainingsAhead' | 'log'> => {
  const one = async (query: Parameters<typeof firstRow<ProgressRow>>[0]): Promise<ProgressRow | null> => {
    const row = await firstRow<ProgressRow>(query);
    return row && numbers(row);
  };
  const rows = () => database.from('training_progress').select('*');

  return {
    ...life(database),

    run: (runId) => one(rows().eq('run_id', runId)),

    progress: (sessionId, job: JobKind) => one(rows().eq('session_id', sessionId).eq('job', job)),

    async unstartedJobs(olderThanSeconds, limit) {
      const before = new Date(Date.now() - olderThanSeconds * 1000).toISOString();
      const query = rows().eq('status', 'queued').is('temporal_run_id', null).lte('created_at', before).order('created_at').limit(limit);
      return (await answer<ProgressRow[]>(query)).map(numbers);
    },

    async activeJobs(limit) {
      const query = rows()
        .in('status', ['queued', 'running'])
        .not('temporal_run_id', 'is', null)
        .order('heartbeat_at', { ascending: true, nullsFirst: true })
        .limit(limit);
      return (await answer<ProgressRow[]>(query)).map(numbers);
    },

    queuePosition: (runId) => call<number | null>(database, 'queue_position', { p_run: runId }),
    trainingsAhead: (runId) => call<number>(database, 'trainings_ahead', { p_run: runId }),

    async log({ sessionId, runId, ...entry }) {
      // the same event written twice, by a retried activity, is one row
      const row = { ...entry, session_id: sessionId, run_id: runId };
      await answer(database.from('training_logs').upsert(row, { onConflict: 'run_id,seq', ignoreDuplicates: true }));
    },
  };
};
