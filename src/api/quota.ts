import type { QuotaState } from '../store/types';
import { ApiError } from './errors';

/** The 403 of a refused unit (http-api A.7); never a 429. */
export function quotaRefusal(kind: 'processing' | 'training', { reason, currentUsage, limit, plan }: QuotaState): ApiError {
  switch (reason) {
    case 'no_subscription':
      return noSubscription();
    case 'training_not_available':
      return trainingNotAvailable(plan);
    case 'limit_reached':
    case null:
      return limitReached(kind, { current_usage: currentUsage, limit, plan });
  }
}

export const noSubscription = (): ApiError =>
  new ApiError('NO_ACTIVE_SUBSCRIPTION', { extra: { message: 'An active subscription is needed for this. Choose a plan first.' } });

export const trainingNotAvailable = (plan: string | null): ApiError =>
  new ApiError('TRAINING_NOT_AVAILABLE', {
    extra: { message: 'Training is not available in your plan. Upgrade to Pro or Enterprise to unlock model training.', plan },
  });

const limitReached = (kind: 'processing' | 'training', numbers: { current_usage: number; limit: number; plan: string | null }): ApiError =>
  new ApiError(kind === 'processing' ? 'PROCESSING_LIMIT_REACHED' : 'TRAINING_LIMIT_REACHED', {
    extra: {
      message: `You have reached your limit of ${numbers.limit} ${kind === 'processing' ? 'processing jobs' : 'training runs'} for this period`,
      ...numbers,
    },
  });
