/** The one catalogue of everything the API refuses (http-api part E). Codes are stable; the sentence is the default. */
const CATALOGUE = {
  BAD_REQUEST: [400, 'Bad request'],
  BAD_UUID: [400, 'Invalid session or file id'],
  MISSING_BODY: [400, 'No data provided'],
  MALFORMED_JSON: [400, 'The request is not valid JSON'],
  MISSING_FILE: [400, 'No file in request'],
  INVALID_FILE_NAME: [400, 'Invalid file name'],
  INVALID_FILE_METADATA: [400, 'Invalid file metadata'],
  INVALID_TIME_INFO: [400, 'Invalid timeInfo'],
  INVALID_ZEITSCHRITTE: [400, 'Invalid zeitschritte'],
  INVALID_SESSION_NAME: [400, 'Invalid session name'],
  CONFIRMATION_REQUIRED: [400, 'Confirmation required'],
  NO_FILES: [400, 'No data available. Please upload CSV files first'],
  INVALID_DATA: [400, 'The uploaded data cannot be used'],
  INCOMPLETE_CONFIG: [400, 'The time configuration is incomplete'],
  INVALID_MODEL_PARAMS: [400, 'Invalid model parameters'],
  INVALID_TRAINING_SPLIT: [400, 'Invalid training split'],
  INVALID_PLOT_PARAMS: [400, 'Invalid plot settings'],
  INVALID_MODEL_FILENAME: [400, 'Invalid model file name'],
  MISSING_PREDICTION_INPUT: [400, 'No input data for the prediction'],
  INVALID_PREDICTION_INPUT: [400, 'Invalid input data for the prediction'],

  MISSING_AUTHORIZATION: [401, 'Missing authorization header'],
  INVALID_TOKEN: [401, 'Invalid token'],
  EXPIRED_TOKEN: [401, 'Token has expired'],

  FORBIDDEN: [403, 'Access denied'],
  NO_ACTIVE_SUBSCRIPTION: [403, 'No active subscription'],
  PROCESSING_LIMIT_REACHED: [403, 'Processing limit reached'],
  TRAINING_NOT_AVAILABLE: [403, 'Training not available'],
  TRAINING_LIMIT_REACHED: [403, 'Training limit reached'],

  NOT_FOUND: [404, 'Not found'],
  SESSION_NOT_FOUND: [404, 'Session not found'],
  FILE_NOT_FOUND: [404, 'File not found'],
  RESULTS_NOT_FOUND: [404, 'No training results found. Train a model first'],
  VISUALIZATION_NOT_FOUND: [404, 'No visualizations found for this session'],
  EVALUATION_TABLES_NOT_FOUND: [404, 'No evaluation tables found for this session'],
  SCALER_NOT_FOUND: [404, 'No scalers found for this session'],
  MODEL_NOT_FOUND: [404, 'Model not found'],

  METHOD_NOT_ALLOWED: [405, 'Method not allowed'],

  TRAINING_IN_PROGRESS: [409, 'A training is in progress for this session'],
  DATASET_IN_PROGRESS: [409, 'A dataset generation is in progress for this session'],
  CHUNK_CONFLICT: [409, 'This chunk was already received with other content'],
  UPLOAD_CONFLICT: [409, 'The request contradicts what is known about this upload'],
  DUPLICATE_FILE: [409, 'A file with this name exists already with other content. Delete it first'],
  UPLOAD_INCOMPLETE: [409, 'Some uploads are not complete'],
  UPLOAD_ALREADY_ASSEMBLED: [409, 'The upload is already complete. Delete the file instead'],

  UPLOAD_EXPIRED: [410, 'The upload has expired. Start again with chunk 0'],
  UPLOAD_CANCELLED: [410, 'The upload was cancelled. Start again with chunk 0'],

  PAYLOAD_TOO_LARGE: [413, 'The request is too large'],
  FILE_TOO_LARGE: [413, 'The file is too large'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported content type'],

  HASH_MISMATCH: [422, 'The received bytes do not have the announced hash'],
  SIZE_MISMATCH: [422, 'The received bytes do not have the announced size'],
  NOT_FEASIBLE: [422, 'The settings are not feasible with this data'],

  RATE_LIMITED: [429, 'Too many requests'],
  HEADERS_TOO_LARGE: [431, 'The request line or a header is too large'],

  INTERNAL_ERROR: [500, 'An unexpected error occurred'],
  AUTH_MISCONFIGURED: [500, 'Authentication is not configured'],
  MODEL_SAVE_ERROR: [500, 'The models could not be saved'],
  PLOT_GENERATION_ERROR: [500, 'The plot could not be generated'],
  PREDICTION_ERROR: [500, 'The prediction failed'],

  DATABASE_UNAVAILABLE: [503, 'The database cannot be reached. Please try again'],
  STORAGE_UNAVAILABLE: [503, 'The file storage cannot be reached. Please try again'],
  WORKFLOW_UNAVAILABLE: [503, 'The workflow service cannot be reached. Please try again'],
  AUTH_UNAVAILABLE: [503, 'The authentication service cannot be reached. Please try again'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof CATALOGUE;

/** One entry of `details`: `code` is a finer code of pipeline.md 18 where there is one. */
export interface ErrorDetail {
  code: string;
  message: string;
  field?: string;
  file?: string;
  row?: number | null;
  context?: Record<string, unknown>;
}

export interface ErrorOptions {
  /** the human sentence (`error` of the envelope); default from the catalogue */
  error?: string;
  field?: string;
  suggestion?: string;
  details?: readonly ErrorDetail[];
  /** legacy and route keys of the envelope; constants or values the caller sent, never looked-up data of others */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** for the log only */
  cause?: unknown;
}

/** Everything a route or guard throws to refuse a request; rendered in middleware/renderErrors.ts. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    readonly options: ErrorOptions = {},
  ) {
    super(options.error ?? CATALOGUE[code][1], options.cause === undefined ? undefined : { cause: options.cause });
    this.status = CATALOGUE[code][0];
  }

  /** body of the answer (http-api A.4), without the legacy keys of the route */
  envelope(): Record<string, unknown> {
    const { field, suggestion, details, extra } = this.options;
    return {
      success: false,
      code: this.code,
      error: this.message,
      ...(field === undefined ? {} : { field }),
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(details?.length ? { details } : {}),
      ...extra,
    };
  }
}

export const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(CATALOGUE, code);
export const sentenceOf = (code: ErrorCode): string => CATALOGUE[code][1];
export const statusOf = (code: ErrorCode): number => CATALOGUE[code][0];
