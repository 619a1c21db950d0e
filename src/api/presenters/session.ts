import type { FileRow, SessionListRow, SessionRow, TimeInfoRow, ZeitschritteRow } from '../../store/types';
import type { OwnSession } from '../types';
import { fileInClientKeys } from './file';
import { isoTime } from './time';
import { timeInfoValues, zeitschritteValues } from './timeConfig';

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
