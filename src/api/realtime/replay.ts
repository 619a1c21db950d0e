import { uploadProgress } from '../../realtime';
import type { ServerEvent } from '../../realtime';
import type { UserStore } from '../../store';
import type { ProgressRow, UploadView } from '../../store/types';
import { queuedEvent } from '../jobs';
import type { OwnSession } from '../types';
import { uploadFacts } from '../uploads/facts';
import { isUnfinished } from '../uploads/state';
import type { Payload } from './types';

export interface ReplayedEvent {
  event: ServerEvent;
  payload: Payload;
}

/**
 * What a socket that joins a session must hear (realtime.md 6): the newest training run, the newest dataset job and the unfinished uploads,
 * each by its last stored event, with the original `seq` and `timestamp`. Read from the database alone.
 */
export async function replayOf(mine: UserStore, session: OwnSession): Promise<ReplayedEvent[]> {
  const [rows, uploads] = await Promise.all([mine.progress(session.id), mine.uploads(session.id)]);
  const of = (job: ProgressRow['job']): ProgressRow[] => rows.filter((row) => row.job === job);
  return [
    ...of('training').map((row) => replayed(trainingEvent(row), lastEvent(row))),
    ...of('dataset').map((row) => replayed('dataset_status_update', lastEvent(row))),
    ...uploads.filter(isUnfinished).map((upload) => replayed('upload_progress', uploadEvent(session, upload))),
  ];
}

const replayed = (event: ServerEvent, payload: Payload): ReplayedEvent => ({ event, payload: { ...payload, replay: true } });

/** While a run is active its last progress, once it is closed only its terminal event. */
function trainingEvent({ status }: ProgressRow): ServerEvent {
  switch (status) {
    case 'queued':
    case 'running':
      return 'training_progress';
    case 'completed':
      return 'training_completed';
    case 'failed':
      return 'training_error';
    case 'cancelled':
      return 'training_cancelled';
  }
}

/** The stored event; a job no worker has reported on yet stands where its first event left it. */
export const lastEvent = (row: ProgressRow): Payload => row.last_event ?? queuedEvent({ ...row.input, runId: row.run_id }).payload;

function uploadEvent(session: OwnSession, upload: UploadView): Payload {
  const failure = upload.error_code === null ? {} : { errorCode: upload.error_code };
  return uploadProgress({ ...uploadFacts(session, upload), ...failure }, upload.seq, new Date(upload.last_activity_at));
}
