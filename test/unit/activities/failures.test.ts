import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { findingsFailure, toFailure } from '../../../src/activities/failures';
import { PipelineError } from '../../../src/domain/findings';
import type { Finding } from '../../../src/domain/findings';
import { StoreError, StoreUnavailable } from '../../../src/store';
import { TrainingError } from '../../../src/training/errors';

const finding = (code: Finding['code']): Finding => ({ code, message: `finding ${code}` });

describe('what an activity throws', () => {
  it('is not retried when the data cannot be used, and retried when a part is away', () => {
    expect(toFailure(new PipelineError([finding('CSV_NUMBER')]))).toMatchObject({
      type: 'INVALID_DATA',
      nonRetryable: true,
      message: 'finding CSV_NUMBER',
    });
    expect(toFailure(new PipelineError([finding('SPLIT_TOO_FEW')]))).toMatchObject({ type: 'NOT_FEASIBLE', nonRetryable: true });
    expect(toFailure(new StoreUnavailable('storage', 'no answer'))).toMatchObject({ type: 'STORAGE_UNAVAILABLE', nonRetryable: false });
    expect(toFailure(new StoreUnavailable('database', 'no answer'))).toMatchObject({ type: 'DATABASE_UNAVAILABLE', nonRetryable: false });
    expect(toFailure(new StoreError('23514', 400, 'violates check constraint'))).toMatchObject({
      type: 'INTERNAL_ERROR',
      nonRetryable: true,
    });
  });

  it('says of a training what happened, and tries again only after a crash', () => {
    expect(toFailure(new TrainingError('OUT_OF_MEMORY', 'too large'))).toMatchObject({ type: 'OUT_OF_MEMORY', nonRetryable: true });
    expect(toFailure(new TrainingError('CRASHED', 'gone'))).toMatchObject({ type: 'WORKER_LOST', nonRetryable: false });
    const diverged = toFailure(new TrainingError('TRAINING_DIVERGED', 'no finite loss', { epochs_run: 3 }));
    expect(diverged).toMatchObject({ details: [{ code: 'TRAINING_DIVERGED', message: 'no finite loss', context: { epochs_run: 3 } }] });
  });

  it('keeps texts of unknown errors out of the history', () => {
    const failure = toFailure(new Error('cannot open /secret/path'));
    expect(failure).toMatchObject({ type: 'INTERNAL_ERROR', nonRetryable: false });
    expect(failure.message).not.toContain('/secret');
  });

  it('stays what it is when it is a failure already', () => {
    const cancelled = new CancelledFailure('CANCELLED');
    expect(toFailure(cancelled)).toBe(cancelled);
  });

  it('fits into the 4 KiB that Temporal keeps of a failure', () => {
    const many = Array.from({ length: 500 }, (_, row) => ({ ...finding('CSV_NUMBER'), row, message: 'x'.repeat(200) }));
    const failure = findingsFailure(many);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(JSON.stringify({ message: failure.message, details: failure.details }).length).toBeLessThan(4096);
    expect(failure.details?.[0]).toEqual(many[0]);
  });
});
