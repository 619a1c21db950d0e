import { PipelineError } from '../domain/findings';
import type { TrainingErrorCode } from './types';

/** Failures that may not happen again: the process died, or another machine may have what is missing here. */
const RETRYABLE: ReadonlySet<TrainingErrorCode> = new Set(['CRASHED']);

/** A training that cannot go on. `context` holds structured facts (finite numbers, texts). */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly retryable: boolean;
  constructor(
    readonly code: TrainingErrorCode,
    message: string,
    readonly context: Record<string, unknown> = {},
    retryable?: boolean,
  ) {
    super(message);
    this.retryable = retryable ?? RETRYABLE.has(code);
  }
}

/** The caller's signal ended the training; the child process is gone. */
export class TrainingCancelled extends Error {
  override readonly name = 'TrainingCancelled';
  constructor() {
    super('The training was cancelled');
  }
}

/** The caller asked for a move: the process is gone, its last checkpoint is handed over, another process can go on from it. */
export class TrainingMoves extends Error {
  override readonly name = 'TrainingMoves';
  constructor() {
    super('The training goes on in another process');
  }
}

/** Any error as one of the catalogue. Messages of unknown errors stay out of the result; the log has them. */
export function toTrainingError(error: unknown): TrainingError {
  if (error instanceof TrainingError) return error;
  if (error instanceof PipelineError) {
    const code = error.notFeasible ? 'NOT_FEASIBLE' : 'INTERNAL_ERROR';
    return new TrainingError(code, error.message, { findings: error.findings });
  }
  const text = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(text)) return new TrainingError('OUT_OF_MEMORY', 'The training needs more memory than this machine has');
  return new TrainingError('INTERNAL_ERROR', 'The training failed unexpectedly', { cause: text.slice(0, 500) });
}

/** V8's typed arrays, C++'s allocator, TensorFlow's allocator, WebAssembly's memory; also the last words of a process on stderr. */
export const isOutOfMemory = (text: string): boolean =>
  /array buffer allocation failed|invalid typed array length|out of memory|bad_alloc|OOM when allocating|resource_exhausted|(could not|cannot|failed to|unable to) allocate|memory access out of bounds|cannot enlarge memory/i.test(
    text,
  );
