/** One thing that is wrong with a setting, a file or their combination; `code` is one of pipeline.md 18. */
export interface Finding {
  code: FindingCode;
  message: string;
  /** offending request field, in the client's spelling */
  field?: string;
  /** display name or file name of the series concerned */
  file?: string;
  /** 1-based line number in the file, the header being line 1 */
  row?: number;
  /** further structured facts (counts, caps, time ranges); finite numbers, strings, arrays and objects of them only */
  context?: Record<string, unknown>;
}

export type FindingCode =
  | 'CSV_ENCODING'
  | 'CSV_SEPARATOR'
  | 'CSV_COLUMNS'
  | 'CSV_ROW_LENGTH'
  | 'CSV_TIMESTAMP'
  | 'CSV_NUMBER'
  | 'CSV_UNSORTED'
  | 'CSV_DUPLICATE'
  | 'CSV_TOO_SHORT'
  | 'NO_INPUT'
  | 'NO_OUTPUT'
  | 'LABEL_DUPLICATE'
  | 'STEPS_MISSING'
  | 'STEPS_RANGE'
  | 'STEPS_ONE'
  | 'REF_STEP'
  | 'REF_OFFSET'
  | 'HORIZON'
  | 'UNKNOWN_OPTION'
  | 'SCALE_RANGE'
  | 'TIME_ZONE'
  | 'HOLIDAY_CALENDAR'
  | 'MODE_UNKNOWN'
  | 'PARAM_RANGE'
  | 'PARAM_OPTION'
  | 'STEPS_UNEQUAL'
  | 'SPLIT_PERCENT'
  | 'SCALER_FIT'
  | 'SEED'
  | 'PLOT_NAME'
  | 'PLOT_RANGE'
  | 'SVR_SUBSAMPLE'
  | 'NO_WINDOWS'
  | 'SPLIT_TOO_FEW'
  | 'TOO_MANY_CELLS'
  | 'TOO_MANY_REFERENCES'
  | 'MODEL_TOO_LARGE'
  | 'SVR_TOO_MANY_ROWS'
  | 'TRAINING_DIVERGED';

/** Codes that mean "valid settings, not feasible with this data" (HTTP 422); every other code is 400. */
export const NOT_FEASIBLE_CODES: ReadonlySet<FindingCode> = new Set([
  'NO_WINDOWS',
  'SPLIT_TOO_FEW',
  'TOO_MANY_CELLS',
  'TOO_MANY_REFERENCES',
  'MODEL_TOO_LARGE',
  'SVR_TOO_MANY_ROWS',
]);

/** A remark stored with a dataset or result (pipeline.md 0.10). */
export interface Warning {
  code:
    | 'AVG_IGNORED'
    | 'UNSCALED_TARGET'
    | 'RANDOM_SPLIT'
    | 'MAPE_ZERO_TRUTH'
    | 'SVR_SUBSAMPLED'
    | 'AR_LSTM_IS_LSTM'
    | 'WORSE_THAN_BASELINE'
    | 'DEFAULT_HORIZON'
    | 'EMPTY_PLOT';
  message: string;
  context: Record<string, unknown>;
}

/** Thrown by the domain when work cannot go on; carries every finding of the step. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map((finding) => finding.message).join('; '));
  }
  /** True when the settings are valid but this data cannot satisfy them. */
  get notFeasible(): boolean {
    return this.findings.some((finding) => NOT_FEASIBLE_CODES.has(finding.code));
  }
}
