import { table } from '../report';
import type { Cell } from '../report';
import type { UploadedFile } from './session';

/** Statistics of the uploaded series, as the server computed them. */
export function seriesTable(files: UploadedFile[]): string {
  const header = ['series', 'role', 'chunks', 'rows', 'from', 'to', 'step [min]', 'offset', 'min', 'max', 'numeric %'];
  const rows = files.map(({ bezeichnung, type, chunks, rows: count, statistics: s }) => [
    bezeichnung,
    type,
    chunks,
    count,
    s['utcMin'],
    s['utcMax'],
    numberOf(s['zeitschrittweite']),
    s['offset'],
    numberOf(s['min']),
    numberOf(s['max']),
    numberOf(s['numerischerAnteil']),
  ]);
  return table(header, rows);
}

const numberOf = (text: string | null | undefined): Cell =>
  text === null || text === undefined || Number.isNaN(Number(text)) ? (text ?? null) : Number(text);
