/** Turns what ended a step into what a user may read: codes of http-api E and sentences without names, paths or exception texts. */
import { ApplicationFailure } from '@temporalio/common';
import { ActivityFailure, TimeoutFailure } from '@temporalio/common';
import type { SafeFailure } from '../activities/types';

/** Sentence per code; a failure with findings says the first finding instead, which is written for users. */
const SENTENCES: Record<string, string> = {
  INVALID_DATA: 'A file of the session cannot be used',
  NOT_FEASIBLE: 'The settings are not feasible with this data',
  TRAINING_DIVERGED: 'The training did not converge to a usable model',
  OUT_OF_MEMORY: 'The model needs more memory than is available',
  BACKEND_MISSING: 'No numerical back end is available on the training worker',
  WORKER_LOST: 'The worker was lost and the job could not be resumed',
  DATABASE_UNAVAILABLE: 'The database could not be reached',
  STORAGE_UNAVAILABLE: 'The file storage could not be reached',
  INTERNAL_ERROR: 'The job failed because of an internal error',
};

/** Codes whose message says no more than the findings or the code does, so that it may be shown as it is. */
const SPEAKING = new Set(['INVALID_DATA', 'NOT_FEASIBLE', 'TRAINING_DIVERGED']);

/** @returns code, sentence and findings that are safe for users, whatever was thrown */
export function describeFailure(error: unknown): SafeFailure {
  const failure = innermost(error);
  if (failure instanceof TimeoutFailure) return described('WORKER_LOST');
  if (!(failure instanceof ApplicationFailure) || failure.type === undefined || failure.type === null || !(failure.type in SENTENCES)) {
    return described('INTERNAL_ERROR');
  }
  const details = (failure.details ?? []).filter(isRecord);
  if (!SPEAKING.has(failure.type)) return described(failure.type);
  return { code: failure.type, message: failure.message || (SENTENCES[failure.type] ?? ''), details };
}

/**
 * The refusal an update answers with: the activity's own ApplicationFailure, so that its type and details reach the caller unwrapped.
 * Null when the activity did not refuse but died.
 */
export function refusalOf(error: unknown): ApplicationFailure | null {
  const failure = innermost(error);
  return failure instanceof ApplicationFailure &&
    failure.nonRetryable === true &&
    failure.type !== undefined &&
    failure.type !== 'INTERNAL_ERROR'
    ? failure
    : null;
}

const described = (code: string): SafeFailure => ({ code, message: SENTENCES[code] ?? '', details: [] });
const innermost = (error: unknown): unknown => (error instanceof ActivityFailure && error.cause ? error.cause : error);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
