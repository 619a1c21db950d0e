import type { ApplicationFailure } from '@temporalio/common';
import { ApiError, isErrorCode } from './errors';
import { isObject } from './http/body';
import { noSubscription, quotaRefusal } from './quota';

/** The details object a workflow's refusal carries: the legacy keys of the answer. */
export const failureDetails = (failure: ApplicationFailure): Record<string, unknown> => {
  const first: unknown = failure.details?.[0];
  return isObject(first) ? first : {};
};

/** An update refused by its workflow, as the answer of the route that sent it; its `type` is an http-api code. */
export function fromWorkflowFailure(failure: ApplicationFailure): ApiError {
  const details = failureDetails(failure);
  if (failure.type === 'UPLOAD_GONE') return new ApiError(details['status'] === 'cancelled' ? 'UPLOAD_CANCELLED' : 'UPLOAD_EXPIRED');
  if (failure.type === 'NO_ACTIVE_SUBSCRIPTION') return noSubscription();
  if (failure.type === 'PROCESSING_LIMIT_REACHED') return quotaRefusal('processing', quotaOf(details));
  if (!isErrorCode(failure.type) || failure.type === 'INTERNAL_ERROR') return new ApiError('INTERNAL_ERROR', { cause: failure });
  return new ApiError(failure.type, { extra: details });
}

const quotaOf = ({ current_usage: usage, limit, plan }: Record<string, unknown>) => ({
  allowed: false,
  reason: 'limit_reached' as const,
  currentUsage: Number(usage ?? 0),
  limit: Number(limit ?? 0),
  plan: typeof plan === 'string' ? plan : null,
});
