/** One model's tables, as results carry them. */
export interface EvaluatedModel {
  mode: string;
  dfEval: Record<string, Record<string, (number | null)[]>>;
  baselines: Record<string, Record<string, object | null> | null>;
}

export type Cell = string | number | null | undefined;

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

const METRICS = ['MAE', 'RMSE', 'MAPE', 'WAPE', 'sMAPE', 'MASE', 'NRMSE'];

/** Levels × metrics of every model, for one output; the naive baselines beside level 1. */
export function evaluationTable(output: string, models: readonly EvaluatedModel[]): string {
  const rows: Cell[][] = [];
  const levels = models[0]?.dfEval[output]?.['delta [min]'] ?? [];
  levels.forEach((delta, level) => {
    for (const { mode, dfEval } of models)
      rows.push([level + 1, delta, mode, ...METRICS.map((metric) => dfEval[output]?.[metric]?.[level])]);
    if (level > 0) return;
    for (const [name, perOutput] of Object.entries(models[0]?.baselines ?? {})) {
      const metrics = perOutput?.[output] as Record<string, number | null> | null | undefined;
      rows.push([1, delta, `(${name})`, ...METRICS.map((metric) => metrics?.[metric] ?? null)]);
    }
  });
  return table(['level', 'step [min]', 'model', ...METRICS], rows);
}
