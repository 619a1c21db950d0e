/** Events of realtime.md 5. `room` is the one room of a session. */
export const sessionRoom = (sessionId: string): string => `training_${sessionId}`;
export const uploadRoom = (uploadId: string): string => `upload_${uploadId}`;

export type ServerEvent =
  | 'training_progress'
  | 'training_metrics'
  | 'dataset_status_update'
  | 'training_completed'
  | 'training_error'
  | 'training_cancelled'
  | 'upload_progress'
  | 'session_deleted';

/** Sends an event to rooms from any process; resolves when PostgreSQL has taken it. Never throws into a job: errors are logged by the emitter. */
export type Emit = (rooms: string | string[], event: ServerEvent, payload: Record<string, unknown>) => Promise<void>;
