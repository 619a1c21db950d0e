/** Failures as Temporal and users see them: a type of http-api E, a sentence without internals, findings as details. */
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure, TemporalFailure } from '@temporalio/common';
import type { Finding } from '../domain/findings';
import { PipelineError } from '../domain/findings';
import { RunClosed } from '../realtime';
import { StoreError, StoreUnavailable } from '../store';
import { TrainingError } from '../training/errors';

// Temporal cuts failures at 4 KiB; the frame around the details needs its share.
const DETAILS_BYTES = 3_000;
const MESSAGE_LENGTH = 500;

/** A user's data or settings stand in the way: no retry changes that. */
export function refusal(type: string, message: string, details: object = {}): ApplicationFailure {
  return expected(type, message, [details]);
}

/** Findings as a failure: INVALID_DATA, or NOT_FEASIBLE where the settings are valid but this data cannot satisfy them. */
export function findingsFailure(findings: readonly Finding[], type?: string): ApplicationFailure {
  const code = type ?? (new PipelineError(findings).notFeasible ? 'NOT_FEASIBLE' : 'INVALID_DATA');
  return expected(code, findings[0]?.message ?? '', thatFit(findings));
}

/** Benign: an answer to the user's data is no fault of the service, and its details stay out of logs and alerts. */
const expected = (type: string, message: string, details: object[]): ApplicationFailure =>
  ApplicationFailure.create({
    type,
    message: message.slice(0, MESSAGE_LENGTH),
    nonRetryable: true,
    details,
    category: ApplicationFailureCategory.BENIGN,
  });

/** Whatever an activity threw, as Temporal shall treat it. Unknown errors are retried: the next attempt may meet a better moment. */
export function toFailure(error: unknown): Error {
  if (error instanceof TemporalFailure || error instanceof CancelledFailure) return error;
  if (error instanceof PipelineError) return findingsFailure(error.findings);
  if (error instanceof RunClosed) return refusal('RUN_CLOSED', 'The run is over or was replaced');
  if (error instanceof StoreUnavailable) return unavailable(error);
  if (error instanceof StoreError) return ApplicationFailure.nonRetryable(`The store refused a call (${error.code})`, 'INTERNAL_ERROR');
  if (error instanceof TrainingError) return trainingFailure(error);
  return ApplicationFailure.retryable('The step failed unexpectedly', 'INTERNAL_ERROR');
}

const unavailable = (error: StoreUnavailable): ApplicationFailure =>
  ApplicationFailure.retryable(
    `The ${error.part} could not be reached`,
    error.part === 'storage' ? 'STORAGE_UNAVAILABLE' : 'DATABASE_UNAVAILABLE',
  );

function trainingFailure(error: TrainingError): ApplicationFailure {
  const { findings, ...facts } = error.context;
  const details: readonly object[] = Array.isArray(findings)
    ? (findings as Finding[])
    : [{ code: error.code, message: error.message, context: facts }];
  const type = error.code === 'CRASHED' ? 'WORKER_LOST' : error.code;
  return ApplicationFailure.create({
    message: error.message.slice(0, MESSAGE_LENGTH),
    type,
    nonRetryable: !error.retryable,
    details: error.code === 'INTERNAL_ERROR' ? [] : thatFit(details),
  });
}

/** As many details as the limit of a failure admits, the first ones first. */
export function thatFit<T extends object>(details: readonly T[]): T[] {
  const kept: T[] = [];
  let bytes = 0;
  for (const detail of details) {
    bytes += Buffer.byteLength(JSON.stringify(detail));
    if (bytes > DETAILS_BYTES) break;
    kept.push(detail);
  }
  return kept;
}
