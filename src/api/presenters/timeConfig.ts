import type { TimeInfoRow, ZeitschritteRow } from '../../store/types';
import { isoTime } from './time';

export const timeInfoRow = (row: TimeInfoRow) => ({
  ...timeInfoWithId(row),
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
});

export const zeitschritteRow = (row: ZeitschritteRow) => ({
  id: row.id,
  session_id: row.session_id,
  ...zeitschritteValues(row),
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
});

/** Without a stored row: the defaults, so that the frontend's form has something to show. */
export const timeInfoValues = (row: TimeInfoRow | null) => ({
  jahr: row?.jahr ?? false,
  monat: row?.monat ?? false,
  woche: row?.woche ?? false,
  tag: row?.tag ?? false,
  feiertag: row?.feiertag ?? false,
  zeitzone: row?.zeitzone ?? 'UTC',
  category_data: row?.category_data ?? {},
});

/** Without a stored row the four values are ""; stored NULLs stay null. */
export const zeitschritteValues = (row: ZeitschritteRow | null) =>
  row
    ? { eingabe: row.eingabe, ausgabe: row.ausgabe, zeitschrittweite: row.zeitschrittweite, offset: row.offset }
    : { eingabe: '', ausgabe: '', zeitschrittweite: '', offset: '' };

const timeInfoWithId = (row: TimeInfoRow) => ({ id: row.id, session_id: row.session_id, ...timeInfoValues(row) });
