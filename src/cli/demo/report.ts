import type { UploadedFile } from './session';
import type { TrainedModel } from './training';

type Cell = string | number | null | undefined;

/** Prints rows as columns of equal width; numbers to the right. */
export function table(header: string[], rows: Cell[][]): string {
  const text = [header, ...rows.map((row) => row.map(format))];
  const widths = header.map((_, k) => Math.max(...text.map((row) => (row[k] ?? '').length)));
  const numeric = header.map((_, k) => rows.every((row) => typeof row[k] === 'number' || row[k] === null || row[k] === undefined));
  const line = (row: string[]): string =>
    `    ${row.map((cell, k) => (numeric[k] ? cell.padStart(widths[k] ?? 0) : cell.padEnd(widths[k] ?? 0))).join('  ')}`.trimEnd();
  return [line(text[0] ?? []), `    ${widths.map((width) => '─'.repeat(width)).join('  ')}`, ...text.slice(1).map(line)].join('\n');
}

const format = (cell: Cell): string =>
  cell === null || cell === undefined
    ? '–'
    : typeof cell === 'string'
      ? cell
      : Math.abs(cell) >= 1e5
        ? cell.toExponential(2)
        : Number.isInteger(cell)
          ? String(cell)
          : cell.toPrecision(4);

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

const METRICS = ['MAE', 'RMSE', 'MAPE', 'WAPE', 'sMAPE', 'MASE', 'NRMSE'];

/** Levels × metrics of every model, for one output; the naive baselines beside level 1. */
export function evaluationTable(output: string, models: TrainedModel[]): string {
  const rows: Cell[][] = [];
  const levels = models[0]?.dfEval[output]?.['delta [min]'] ?? [];
  levels.forEach((delta, level) => {
    for (const { mode, dfEval } of models)
      rows.push([level + 1, delta, mode, ...METRICS.map((metric) => dfEval[output]?.[metric]?.[level])]);
    if (level > 0) return;
    for (const [name, perOutput] of Object.entries(models[0]?.baselines ?? {})) {
      const metrics = perOutput?.[output];
      rows.push([1, delta, `(${name})`, ...METRICS.map((metric) => metrics?.[metric] ?? null)]);
    }
  });
  return table(['level', 'step [min]', 'model', ...METRICS], rows);
}
