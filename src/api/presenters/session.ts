import type {
  CreateSessionOutcome,
  FileRow,
  SessionListRow,
  SessionRow,
  TimeInfoRow,
  UploadView,
  ZeitschritteRow,
} from '../../store/types';
import type { OwnSession } from '../types';
import { fileInClientKeys } from './file';
import { isoTime, isoTimeOrNull } from './time';
import { timeInfoValues, zeitschritteValues } from './timeConfig';
import { openUpload } from './upload';

export interface WholeSession {
  session: SessionRow;
  files: FileRow[];
  timeInfo: TimeInfoRow | null;
  zeitschritte: ZeitschritteRow | null;
}

/** `session` of GET /session/:session_id/database. */
export const wholeSession = (own: OwnSession, { session, files, timeInfo, zeitschritte }: WholeSession) => ({
  sessionId: own.ref,
  databaseSessionId: session.id,
  sessionName: session.session_name,
  n_dat: session.n_dat,
  n_dat_source: session.n_dat_source,
  finalized: session.finalized,
  file_count: session.file_count,
  files: files.map(fileInClientKeys),
  timeInfo: timeInfoValues(timeInfo),
  zeitschritte: zeitschritteValues(zeitschritte),
  createdAt: isoTime(session.created_at),
  updatedAt: isoTime(session.updated_at),
});

export const listedSession = (row: SessionListRow): SessionListRow => ({
  ...row,
  createdAt: isoTime(row.createdAt),
  lastUpdated: isoTime(row.lastUpdated),
});

/** `session` of GET /session/:session_id (http-api route 4); a configuration never stored is {}. */
export const uploadView = (
  own: OwnSession,
  { session, files, timeInfo, zeitschritte }: WholeSession,
  unfinished: readonly UploadView[],
) => ({
  sessionId: own.ref,
  sessionUuid: session.id,
  files: files.map((file) => ({
    id: file.id,
    fileName: file.file_name,
    type: file.type,
    bezeichnung: file.bezeichnung,
    size: file.size_bytes,
    createdAt: isoTime(file.created_at),
  })),
  uploads: unfinished.map(openUpload),
  timeInfo: timeInfo ? timeInfoValues(timeInfo) : {},
  zeitschritte: zeitschritte ? zeitschritteValues(zeitschritte) : {},
  finalized: session.finalized,
  n_dat: session.n_dat,
  n_dat_source: session.n_dat_source,
  file_count: session.file_count,
  createdAt: isoTime(session.created_at),
  lastUpdated: isoTime(session.updated_at),
  finalizationTime: isoTimeOrNull(session.finalized ? session.finalized_at : null),
});

/** Answer of POST /create-database-session (http-api route 9). */
export const databaseSession = ({ sessionId, created }: CreateSessionOutcome) => ({
  success: true,
  sessionUuid: sessionId,
  message: `Database session created with UUID: ${sessionId}`,
  created,
});

/** Answer of GET /get-session-uuid/:session_id (http-api route 10). */
export const sessionUuid = ({ id }: OwnSession) => ({
  success: true,
  sessionUuid: id,
  data: { sessionUuid: id },
  message: 'Session UUID found',
});
