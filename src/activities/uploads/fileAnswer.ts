import type { Finding } from '../../domain/findings';
import type { FileRow } from '../../store';
import type { AssembledFile } from '../../workflows/messages';

const PROBLEMS_KEPT = 20; // http-api route 12, rule 11

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

/** `file` of the upload's answer. @param columns column names of the content, known only while it is parsed */
export function fileAnswer(row: FileRow, columns: string[]): AssembledFile {
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

export const problemsOf = (findings: readonly Finding[]): AssembledFile['problems'] =>
  findings.slice(0, PROBLEMS_KEPT).map(({ row, code, message }) => ({ row: row ?? null, code, message }));
