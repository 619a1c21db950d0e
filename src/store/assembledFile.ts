import type { AssembledFile } from '../workflows/messages';
import type { FileRow } from './types';

/** Statistics under the names of http-api route 12. */
const STATISTICS = {
  utcMin: 'utc_min',
  utcMax: 'utc_max',
  zeitschrittweite: 'zeitschrittweite',
  zeitschrittweiteAvgValue: 'zeitschrittweite_mittelwert',
  zeitschrittweiteMinValue: 'zeitschrittweite_min',
  offset: 'offset',
  min: 'min',
  max: 'max',
  datenpunkte: 'datenpunkte',
  numerischeDatenpunkte: 'numerische_datenpunkte',
  numerischerAnteil: 'numerischer_anteil',
} as const satisfies Record<string, keyof FileRow>;

/** `file` of an upload's answer (http-api route 12). @param columns column names of the content, which are not kept in the row */
export function assembledFile(row: FileRow, columns: string[]): AssembledFile {
  return {
    id: row.id,
    fileName: row.file_name,
    bezeichnung: row.bezeichnung,
    type: row.type,
    sha256: row.sha256 ?? '',
    size: row.size_bytes ?? 0,
    rows: row.row_count ?? 0,
    columns,
    separator: row.separator,
    valid: row.valid === true,
    problems: row.problems,
    statistics: Object.fromEntries(Object.entries(STATISTICS).map(([key, column]) => [key, row[column]])),
  };
}
