import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { describeFailure, refusalOf } from '../../../src/workflows/failures';

const ofActivity = (cause: Error): ActivityFailure =>
  new ActivityFailure('Activity task failed', 'trainModel', '1', 'MAXIMUM_ATTEMPTS_REACHED', 'worker', cause);
const finding = { code: 'NO_WINDOWS', message: 'no complete window exists' };

describe('the reason of a failed job', () => {
  it('is the finding itself where the data or the settings stand in the way', () => {
    const failure = ApplicationFailure.nonRetryable('no complete window exists', 'NOT_FEASIBLE', finding);
    expect(describeFailure(ofActivity(failure))).toEqual({
      code: 'NOT_FEASIBLE',
      message: 'no complete window exists',
      details: [finding],
    });
  });

  it('never carries the text of an unexpected error', () => {
    const secret = 'connect ECONNREFUSED 10.0.0.7:5432 password=x';
    for (const error of [
      new Error(secret),
      ofActivity(new Error(secret)),
      ofActivity(ApplicationFailure.retryable(secret, 'SomeLibraryError')),
    ]) {
      expect(describeFailure(error)).toEqual({
        code: 'INTERNAL_ERROR',
        message: 'The job failed because of an internal error',
        details: [],
      });
    }
    expect(describeFailure(ofActivity(ApplicationFailure.retryable(secret, 'DATABASE_UNAVAILABLE', { secret }))).message).toBe(
      'The database could not be reached',
    );
    expect(describeFailure(ofActivity(ApplicationFailure.retryable(secret, 'DATABASE_UNAVAILABLE', { secret }))).details).toEqual([]);
  });

  it('is the lost worker when heartbeats stopped for good', () => {
    expect(describeFailure(ofActivity(new TimeoutFailure('activity Heartbeat timeout', undefined, 'HEARTBEAT'))).code).toBe('WORKER_LOST');
  });

  it('is handed on unwrapped by an update that was refused, and by nothing else', () => {
    const refused = ApplicationFailure.nonRetryable('differs', 'HASH_MISMATCH', { scope: 'file' });
    expect(refusalOf(ofActivity(refused))).toBe(refused);
    expect(refusalOf(ofActivity(ApplicationFailure.retryable('away', 'STORAGE_UNAVAILABLE')))).toBeNull();
    expect(refusalOf(ofActivity(ApplicationFailure.nonRetryable('bug', 'INTERNAL_ERROR')))).toBeNull();
    expect(refusalOf(new CancelledFailure('cancelled'))).toBeNull();
  });
});
