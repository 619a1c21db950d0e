import { readFileSync } from 'node:fs';
import { ApplicationFailure } from '@temporalio/common';
import { ApiError, isErrorCode, statusOf } from '../../../src/api/errors';
import { fromFindings } from '../../../src/api/findings';
import { toApiError } from '../../../src/api/middleware/renderErrors';
import { PipelineError } from '../../../src/domain/findings';
import { StoreError, StoreUnavailable } from '../../../src/store';
import { WorkflowUnavailable } from '../../../src/temporal';

/** Part E of the interface description. */
const PART_E: Record<number, string> = {
  400: 'BAD_REQUEST BAD_UUID MISSING_BODY MALFORMED_JSON MISSING_FILE INVALID_FILE_NAME INVALID_FILE_METADATA INVALID_TIME_INFO INVALID_ZEITSCHRITTE INVALID_SESSION_NAME CONFIRMATION_REQUIRED NO_FILES INVALID_DATA INCOMPLETE_CONFIG INVALID_MODEL_PARAMS INVALID_TRAINING_SPLIT INVALID_PLOT_PARAMS INVALID_MODEL_FILENAME MISSING_PREDICTION_INPUT INVALID_PREDICTION_INPUT',
  401: 'MISSING_AUTHORIZATION INVALID_TOKEN EXPIRED_TOKEN',
  403: 'FORBIDDEN NO_ACTIVE_SUBSCRIPTION PROCESSING_LIMIT_REACHED TRAINING_NOT_AVAILABLE TRAINING_LIMIT_REACHED',
  404: 'NOT_FOUND SESSION_NOT_FOUND FILE_NOT_FOUND RESULTS_NOT_FOUND VISUALIZATION_NOT_FOUND EVALUATION_TABLES_NOT_FOUND SCALER_NOT_FOUND MODEL_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'TRAINING_IN_PROGRESS DATASET_IN_PROGRESS CHUNK_CONFLICT UPLOAD_CONFLICT DUPLICATE_FILE UPLOAD_INCOMPLETE UPLOAD_ALREADY_ASSEMBLED',
  410: 'UPLOAD_EXPIRED UPLOAD_CANCELLED',
  413: 'PAYLOAD_TOO_LARGE FILE_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'HASH_MISMATCH SIZE_MISMATCH NOT_FEASIBLE',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
  500: 'INTERNAL_ERROR AUTH_MISCONFIGURED MODEL_SAVE_ERROR PLOT_GENERATION_ERROR PREDICTION_ERROR',
  503: 'DATABASE_UNAVAILABLE STORAGE_UNAVAILABLE WORKFLOW_UNAVAILABLE AUTH_UNAVAILABLE',
};

describe('the catalogue', () => {
  const documented = Object.entries(PART_E).flatMap(([status, codes]) => codes.split(' ').map((code) => [code, Number(status)] as const));

  it.each(documented)('knows %s as %d', (code, status) => {
    expect(isErrorCode(code) && statusOf(code)).toBe(status);
  });

  it('has no code beside the documented ones', () => {
    const source = readFileSync(require.resolve('../../../src/api/errors'), 'utf8');
    const codes = [...source.matchAll(/^ {2}([A-Z_]+): \[\d{3},/gm)].map(([, code]) => code);
    expect(codes.sort()).toEqual(documented.map(([code]) => code).sort());
  });
});

describe('the envelope', () => {
  it('holds success, code and one sentence', () => {
    expect(new ApiError('FORBIDDEN').envelope()).toEqual({ success: false, code: 'FORBIDDEN', error: 'Access denied' });
  });

  it('takes a field, findings and the keys of the route', () => {
    const error = new ApiError('CHUNK_CONFLICT', {
      error: 'Other bytes',
      field: 'chunk',
      details: [{ code: 'X', message: 'y' }],
      extra: { chunkIndex: 3 },
    });
    expect(error.envelope()).toEqual({
      success: false,
      code: 'CHUNK_CONFLICT',
      error: 'Other bytes',
      field: 'chunk',
      details: [{ code: 'X', message: 'y' }],
      chunkIndex: 3,
    });
  });
});

describe('findings of the pipeline', () => {
  it.each([
    ['CSV_TIMESTAMP', 'INVALID_DATA'],
    ['LABEL_DUPLICATE', 'INVALID_DATA'],
    ['NO_OUTPUT', 'NO_FILES'],
    ['STEPS_MISSING', 'INCOMPLETE_CONFIG'],
    ['STEPS_RANGE', 'INVALID_ZEITSCHRITTE'],
    ['TIME_ZONE', 'INVALID_TIME_INFO'],
    ['HORIZON', 'INVALID_FILE_METADATA'],
    ['MODE_UNKNOWN', 'INVALID_MODEL_PARAMS'],
    ['STEPS_UNEQUAL', 'INVALID_MODEL_PARAMS'],
    ['SEED', 'INVALID_TRAINING_SPLIT'],
    ['NO_WINDOWS', 'NOT_FEASIBLE'],
    ['SVR_TOO_MANY_ROWS', 'NOT_FEASIBLE'],
  ] as const)('%s is refused as %s', (finding, code) => {
    expect(fromFindings([{ code: finding, message: 'm' }]).code).toBe(code);
  });

  it('name the time configuration when they concern a time group', () => {
    expect(fromFindings([{ code: 'HORIZON', message: 'm', field: 'category_data.jahr.zeithorizontEnd' }]).code).toBe('INVALID_TIME_INFO');
    expect(fromFindings([{ code: 'HORIZON', message: 'm', field: 'zeithorizontEnd', file: 'Last' }]).code).toBe('INVALID_FILE_METADATA');
  });

  it('are all reported; the earliest kind of check names the answer', () => {
    const error = fromFindings([
      { code: 'NO_WINDOWS', message: 'no windows', context: { candidates: 3 } },
      { code: 'PARAM_OPTION', message: 'ACTF is unknown', field: 'ACTF', context: { allowed: ['ReLU'] } },
      { code: 'CSV_NUMBER', message: 'no number', file: 'a.csv', row: 3 },
    ]);
    expect(error.status).toBe(400);
    expect(error.envelope()).toMatchObject({ code: 'INVALID_MODEL_PARAMS', error: 'ACTF is unknown', field: 'ACTF', allowed: ['ReLU'] });
    expect(error.options.details).toContainEqual({ code: 'CSV_NUMBER', message: 'no number', file: 'a.csv', row: 3 });
    expect(error.options.details).toHaveLength(3);
  });
});

describe('whatever is thrown', () => {
  const failure = (type: string, details: object = {}) => ApplicationFailure.nonRetryable('sentence of the worker', type, details);

  it.each<[string, unknown, number, string]>([
    ['an unreachable database', new StoreUnavailable('database', 'ECONNREFUSED 10.0.0.7'), 503, 'DATABASE_UNAVAILABLE'],
    ['an unreachable storage', new StoreUnavailable('storage', 'status 500'), 503, 'STORAGE_UNAVAILABLE'],
    ['an unreachable Temporal', new WorkflowUnavailable('deadline'), 503, 'WORKFLOW_UNAVAILABLE'],
    ['a refusal of the database', new StoreError('42P01', 404, 'relation "x" does not exist'), 500, 'INTERNAL_ERROR'],
    ['a programming error', new TypeError("Cannot read properties of undefined (reading 'x')"), 500, 'INTERNAL_ERROR'],
    ['something that is no error', 'boom', 500, 'INTERNAL_ERROR'],
    ['findings', new PipelineError([{ code: 'SEED', message: 'seed' }]), 400, 'INVALID_TRAINING_SPLIT'],
    ['an update refused for its bytes', failure('HASH_MISMATCH', { scope: 'file' }), 422, 'HASH_MISMATCH'],
    ['an update of an upload that expired', failure('UPLOAD_GONE'), 410, 'UPLOAD_EXPIRED'],
    [
      'an update refused by the quota',
      failure('PROCESSING_LIMIT_REACHED', { current_usage: 5, limit: 5, plan: 'Free' }),
      403,
      'PROCESSING_LIMIT_REACHED',
    ],
    ['an update that failed inside', failure('INTERNAL_ERROR'), 500, 'INTERNAL_ERROR'],
    ['an update with a type nobody knows', failure('SOMETHING_ELSE'), 500, 'INTERNAL_ERROR'],
  ])('%s', (_case, thrown, status, code) => {
    const error = toApiError(thrown);
    expect([error.status, error.code]).toEqual([status, code]);
    if (status >= 500) expect(JSON.stringify(error.envelope())).not.toMatch(/ECONN|10\.0|relation|undefined|boom|sentence of the worker/);
  });

  it("carries the quota's numbers and a sentence for the user", () => {
    expect(toApiError(failure('PROCESSING_LIMIT_REACHED', { current_usage: 5, limit: 5, plan: 'Free' })).envelope()).toMatchObject({
      error: 'Processing limit reached',
      current_usage: 5,
      limit: 5,
      plan: 'Free',
      message: expect.stringContaining('5') as string,
    });
  });
});
