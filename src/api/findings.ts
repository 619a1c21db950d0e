import type { Finding, FindingCode } from '../domain/findings';
import { ApiError } from './errors';
import type { ErrorCode, ErrorDetail } from './errors';

/**
 * The http-api code of each pipeline finding (http-api A.4, routes 21 and 22).
 * HORIZON, UNKNOWN_OPTION and SCALE_RANGE belong to a series, to a time group or to the split; `httpCode` tells them apart.
 */
const HTTP_CODE: Record<FindingCode, ErrorCode> = {
  CSV_ENCODING: 'INVALID_DATA',
  CSV_SEPARATOR: 'INVALID_DATA',
  CSV_COLUMNS: 'INVALID_DATA',
  CSV_ROW_LENGTH: 'INVALID_DATA',
  CSV_TIMESTAMP: 'INVALID_DATA',
  CSV_NUMBER: 'INVALID_DATA',
  CSV_UNSORTED: 'INVALID_DATA',
  CSV_DUPLICATE: 'INVALID_DATA',
  CSV_TOO_SHORT: 'INVALID_DATA',
  LABEL_DUPLICATE: 'INVALID_DATA',
  NO_INPUT: 'NO_FILES',
  NO_OUTPUT: 'NO_FILES',
  STEPS_MISSING: 'INCOMPLETE_CONFIG',
  STEPS_RANGE: 'INVALID_ZEITSCHRITTE',
  STEPS_ONE: 'INVALID_ZEITSCHRITTE',
  REF_STEP: 'INVALID_ZEITSCHRITTE',
  REF_OFFSET: 'INVALID_ZEITSCHRITTE',
  HORIZON: 'INVALID_FILE_METADATA',
  UNKNOWN_OPTION: 'INVALID_FILE_METADATA',
  SCALE_RANGE: 'INVALID_FILE_METADATA',
  TIME_ZONE: 'INVALID_TIME_INFO',
  HOLIDAY_CALENDAR: 'INVALID_TIME_INFO',
  MODE_UNKNOWN: 'INVALID_MODEL_PARAMS',
  PARAM_RANGE: 'INVALID_MODEL_PARAMS',
  PARAM_OPTION: 'INVALID_MODEL_PARAMS',
  STEPS_UNEQUAL: 'INVALID_MODEL_PARAMS',
  SVR_SUBSAMPLE: 'INVALID_MODEL_PARAMS',
  SPLIT_PERCENT: 'INVALID_TRAINING_SPLIT',
  SCALER_FIT: 'INVALID_TRAINING_SPLIT',
  SEED: 'INVALID_TRAINING_SPLIT',
  PLOT_NAME: 'INVALID_PLOT_PARAMS',
  PLOT_RANGE: 'INVALID_PLOT_PARAMS',
  NO_WINDOWS: 'NOT_FEASIBLE',
  SPLIT_TOO_FEW: 'NOT_FEASIBLE',
  TOO_MANY_CELLS: 'NOT_FEASIBLE',
  TOO_MANY_REFERENCES: 'NOT_FEASIBLE',
  MODEL_TOO_LARGE: 'NOT_FEASIBLE',
  SVR_TOO_MANY_ROWS: 'NOT_FEASIBLE',
  TRAINING_DIVERGED: 'INTERNAL_ERROR',
};

/** Order of the checks of routes 21 and 22: with findings of several kinds the first kind names the answer. */
const PRIORITY: readonly ErrorCode[] = [
  'INVALID_MODEL_PARAMS',
  'INVALID_TRAINING_SPLIT',
  'INVALID_PLOT_PARAMS',
  'NO_FILES',
  'INVALID_DATA',
  'INCOMPLETE_CONFIG',
  'INVALID_ZEITSCHRITTE',
  'INVALID_FILE_METADATA',
  'INVALID_TIME_INFO',
  'NOT_FEASIBLE',
  'INTERNAL_ERROR',
];

const TIME_FIELD = /^(timeInfo|category_data|jahr|monat|woche|tag|feiertag|land|zeitzone)\b/;

const SPLIT_FLAGS: ReadonlySet<string | undefined> = new Set(['random_dat', 'shuffle']);

const PLOT_FIELD = /^(plot_settings|df_plot_)/;

const TIME_GROUPS: ReadonlySet<string> = new Set(['jahr', 'monat', 'woche', 'tag', 'feiertag']);

export function httpCode(finding: Finding): ErrorCode {
  const code = HTTP_CODE[finding.code];
  if (PLOT_FIELD.test(finding.field ?? '')) return 'INVALID_PLOT_PARAMS';
  if (finding.code === 'UNKNOWN_OPTION' && SPLIT_FLAGS.has(finding.field)) return 'INVALID_TRAINING_SPLIT';
  // a time group stands where a file would: by the name of its flag
  const ofTimeGroup = finding.file === undefined ? TIME_FIELD.test(finding.field ?? '') : TIME_GROUPS.has(finding.file);
  return code === 'INVALID_FILE_METADATA' && ofTimeGroup ? 'INVALID_TIME_INFO' : code;
}

export const detailOf = ({ code, message, field, file, row, context }: Finding): ErrorDetail => ({
  code,
  message,
  ...(field === undefined ? {} : { field }),
  ...(file === undefined ? {} : { file }),
  ...(row === undefined ? {} : { row }),
  ...(context === undefined ? {} : { context }),
});

/**
 * The refusal for a list of findings: all of them in `details`, the most urgent kind as `code`, its first sentence as `error`.
 * `allowed` (unknown names) and `missing` (absent step fields) of that finding are lifted into the envelope (http-api B.5, route 21).
 */
export function fromFindings(findings: readonly Finding[]): ApiError {
  const ranked = findings.map((finding) => ({ finding, code: httpCode(finding) }));
  ranked.sort((a, b) => PRIORITY.indexOf(a.code) - PRIORITY.indexOf(b.code));
  const first = ranked[0];
  if (!first) throw new Error('fromFindings needs at least one finding');
  const { field, message, context } = first.finding;
  const { allowed, missing } = context ?? {};
  return new ApiError(first.code, {
    error: message,
    ...(field === undefined ? {} : { field }),
    details: findings.map(detailOf),
    extra: { ...(allowed === undefined ? {} : { allowed }), ...(missing === undefined ? {} : { missing }) },
  });
}
