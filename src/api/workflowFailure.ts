import { ApplicationFailure } from '@temporalio/common';
import { ApiError, isErrorCode } from './errors';
import { isObject } from './http/body';

/** The details object a workflow's refusal carries: the legacy keys of the answer. */
export const failureDetails = (failure: ApplicationFailure): Record<string, unknown> => {
  const first: unknown = failure.details?.[0];
  return isObject(first) ? first : {};
};

/** An update refused by its workflow, as the answer of the route that sent it; its `type` is an http-api code. */
export function fromWorkflowFailure(failure: ApplicationFailure): ApiError {
  const details = failureDetails(failure);
  if (failure.type === 'UPLOAD_GONE') return new ApiError(details['status'] === 'cancelled' ? 'UPLOAD_CANCELLED' : 'UPLOAD_EXPIRED');
  if (!isErrorCode(failure.type) || failure.type === 'INTERNAL_ERROR') return new ApiError('INTERNAL_ERROR', { cause: failure });
  return new ApiError(failure.type, { extra: details });
}
