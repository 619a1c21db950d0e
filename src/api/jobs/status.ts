import { completedSteps, phaseOrder, TOTAL_STEPS } from '../../realtime';
import type { ProgressRow, UserStore } from '../../store';
import type { JobKind } from '../../workflows/messages';
import type { Services } from '../types';
import { launchLost, LOST_AFTER_SECONDS } from './launch';

interface Rows {
  mine: Pick<UserStore, 'progress'>;
  /** the same rows, perhaps half a second old */
  recent: Pick<UserStore, 'progress'>;
}

type Watching = Pick<Services, 'store' | 'workflows' | 'log'>;

/** A job as /status shows it: the row, brought up to what its running workflow knows. */
export interface JobView {
  row: ProgressRow;
  completedSteps: number;
  totalSteps: number;
  queuePosition: number | null;
}

export const isActive = ({ status }: ProgressRow): boolean => status === 'queued' || status === 'running';

/** The job to show: of the wanted kind, else the active one, else the most recent; null when the session never had one. */
export function chooseJob(rows: readonly ProgressRow[], kind: JobKind | null): ProgressRow | null {
  if (kind !== null) return rows.find(({ job }) => job === kind) ?? null;
  return rows.find(isActive) ?? rows[0] ?? null;
}

/**
 * The state of a session's job (http-api route 28). A terminal row is final and needs no query; while it is active a query adds what the
 * workflow knows of phase and outcome. Without an answer the row stands alone, so an unreachable Temporal is no error here.
 * A queued row whose start was lost is started from here.
 */
export async function jobStatus(
  services: Watching,
  { mine, recent }: Rows,
  sessionId: string,
  kind: JobKind | null,
): Promise<JobView | null> {
  const row = chooseJob(await recent.progress(sessionId), kind);
  if (!row) return null;
  if (!isActive(row)) return view(row);
  if (wasLost(row, Date.now())) {
    startInBackground(services, row);
    return (await waiting(services, row)) ?? view(row);
  }
  const state = row.temporal_run_id === null ? null : await services.workflows.queryJob(row.workflow_id);
  const ended = state?.runId === row.run_id && state.status !== 'queued' && state.status !== 'running';
  if (!ended) {
    const ahead = state?.runId === row.run_id && phaseOrder(state.phase) > phaseOrder(row.phase);
    const joined = ahead ? { ...row, phase: state.phase, status: state.status } : row;
    if (!isWaiting(joined)) return view(joined);
    const queued = await waiting(services, joined);
    if (queued) return queued;
  }
  // The job went on since the row was read: a fresh read has it. The finalizer writes the row before the workflow knows the outcome.
  return view(chooseJob(await mine.progress(sessionId), row.job) ?? row);
}

/** Queued, not picked up, and older than any start under way. */
export const wasLost = (row: Pick<ProgressRow, 'status' | 'temporal_run_id' | 'created_at'>, now: number): boolean =>
  row.status === 'queued' && row.temporal_run_id === null && now - Date.parse(row.created_at) > LOST_AFTER_SECONDS * 1000;

/** The caller does not wait for a start that may have to outwait a predecessor. */
function startInBackground(services: Watching, row: ProgressRow): void {
  launchLost(services, row).catch(() => undefined); // logs its own failures
}

/** Nothing but trainings waits for a device. */
const isWaiting = ({ job, status }: ProgressRow): boolean => job === 'training' && status === 'queued';

/** With its rank among the queued trainings; null once it is no longer one of them. */
async function waiting({ store }: Watching, row: ProgressRow): Promise<JobView | null> {
  const position = await store.service.queuePosition(row.run_id);
  return position === null ? null : view(row, position);
}

const view = (row: ProgressRow, queuePosition: number | null = null): JobView => ({
  row,
  completedSteps: Math.max(row.completed_steps ?? 0, completedSteps(row.phase)),
  totalSteps: TOTAL_STEPS,
  queuePosition,
});
