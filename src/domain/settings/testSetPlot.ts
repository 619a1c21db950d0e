import type { Finding } from '../findings';
import { asRecord, FieldReader, lenientTruth, valueText } from './fields';

/** What a test-set plot shows and how (pipeline.md 16.3). */
export interface TestSetPlotSettings {
  /** subplots wanted; fewer when there are fewer test windows */
  subplots: number;
  /** instants, or steps counted from the reference time */
  xAxis: 'time' | 'step';
  units: 'original' | 'scaled';
  yAxes: 'shared' | 'separate';
  /** null = to be drawn at random */
  seed: number | null;
  format: 'png' | 'svg';
  /** column indices of their side, ascending; `forecast` counts outputs */
  selection: { input: number[]; output: number[]; forecast: number[] };
}

/** Names of the columns that can be selected, in array order; inputs include the time columns. */
export interface PlotColumns {
  input: readonly string[];
  output: readonly string[];
}

const DEFAULT_SUBPLOTS = 17;
const MOST_SUBPLOTS = 100;
const LARGEST_SEED = 4_294_967_295;

/** Request fields of the three selections and the side whose columns they name. */
const SELECTIONS = [
  ['input', 'df_plot_in', 'input'],
  ['output', 'df_plot_out', 'output'],
  ['forecast', 'df_plot_fcst', 'output'],
] as const;

/** Settings of a test-set plot (http-api route 31) with all findings; `settings` is null when there is any. */
export function parseTestSetPlot(
  request: { plot_settings?: unknown; df_plot_in?: unknown; df_plot_out?: unknown; df_plot_fcst?: unknown },
  columns: PlotColumns,
): { settings: TestSetPlotSettings | null; findings: Finding[] } {
  const findings: Finding[] = [];
  const own: Finding[] = [];
  const fields = new FieldReader(objectOf(request, 'plot_settings', findings), own);
  const selection: TestSetPlotSettings['selection'] = { input: [], output: [], forecast: [] };
  for (const [part, field, side] of SELECTIONS) selection[part] = selected(request, field, columns[side], findings);
  const settings: TestSetPlotSettings = {
    subplots: fields.whole('num_sbpl', 'PLOT_RANGE', 1, MOST_SUBPLOTS) ?? DEFAULT_SUBPLOTS,
    xAxis: fields.option({ UTC: 'time', ts: 'step' }, 'time', 'x_sbpl'),
    units: fields.option({ original: 'original', skaliert: 'scaled' }, 'original', 'y_sbpl_fmt'),
    yAxes: fields.option({ 'gemeinsame Achse': 'shared', 'separate Achsen': 'separate' }, 'separate', 'y_sbpl_set'),
    seed: fields.whole('seed', 'SEED', 0, LARGEST_SEED) ?? null,
    format: fields.option({ png: 'png', svg: 'svg' }, 'png', 'format'),
    selection,
  };
  findings.push(...own.map((finding) => ({ ...finding, field: `plot_settings.${finding.field}` })));
  const nothing = Object.values(selection).every((part) => part.length === 0);
  if (nothing && findings.length === 0) findings.push(nothingSelected(columns));
  return { settings: findings.length > 0 ? null : settings, findings };
}

type Request = Parameters<typeof parseTestSetPlot>[0];

/** What is wrong with a request whatever the columns of the run are called: everything but the names. */
export function testSetPlotSyntax(request: Request): Finding[] {
  const named = (field: keyof Request): string[] => Object.keys(asRecord(request[field]) ?? {}).map(columnName);
  const columns = { input: named('df_plot_in'), output: [...named('df_plot_out'), ...named('df_plot_fcst')] };
  return parseTestSetPlot(request, columns).findings.filter(({ code }) => code !== 'PLOT_NAME');
}

const columnName = (key: string): string => key.normalize('NFC').trim();

function objectOf(request: Request, field: keyof Request, findings: Finding[]): Record<string, unknown> {
  const value = request[field];
  if (value === undefined || value === null || value === '') return {};
  const record = asRecord(value);
  if (record) return record;
  const context = { value: valueText(value), allowed: ['object'] };
  findings.push({ code: 'UNKNOWN_OPTION', message: `${field} must be an object`, field, context });
  return {};
}

/** Indices of the columns whose name is mapped to true; a name that occurs twice (a series called like a time column) selects both. */
function selected(request: Request, field: keyof Request, names: readonly string[], findings: Finding[]): number[] {
  const chosen = new Set<string>();
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(objectOf(request, field, findings))) {
    const name = columnName(key);
    const flag = lenientTruth(value);
    if (!names.includes(name)) unknown.push(valueText(name));
    else if (flag === null && value !== null && value !== '') {
      const context = { value: valueText(value), allowed: ['true', 'false'] };
      const message = `${field}: "${name}" must be true or false, not ${valueText(value)}`;
      findings.push({ code: 'UNKNOWN_OPTION', message, field, context });
    } else if (flag === true) chosen.add(name);
  }
  if (unknown.length > 0) {
    const message = `${field} names unknown columns: ${unknown.join(', ')}; available: ${names.join(', ')}`;
    findings.push({ code: 'PLOT_NAME', message, field, context: { names: unknown, allowed: [...names] } });
  }
  return names.flatMap((name, index) => (chosen.has(name) ? [index] : []));
}

function nothingSelected({ input, output }: PlotColumns): Finding {
  return {
    code: 'PLOT_NAME',
    message: 'no column is selected: df_plot_in, df_plot_out or df_plot_fcst must map at least one name to true',
    field: 'df_plot_in',
    context: { names: [], allowed: [...input, ...output] },
  };
}
