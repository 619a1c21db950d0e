import { noSubscription, quotaRefusal, trainingNotAvailable } from '../quota';
import type { Context, Guard } from '../types';
import { declared } from './declared';

/** Active subscription, and with `training` a plan that permits it (403). Leaves the plan in the state. */
export function subscription({ training = false }: { training?: boolean } = {}): Guard {
  return declared(
    { refuses: ['NO_ACTIVE_SUBSCRIPTION', ...(training ? (['TRAINING_NOT_AVAILABLE'] as const) : [])] },
    async (ctx, next) => {
      const plan = await ctx.state.mine.plan();
      if (!plan) throw noSubscription();
      if (training && !plan.can_use_training) throw trainingNotAvailable(plan.name);
      ctx.state.plan = plan;
      await next();
    },
  );
}

/** Looks whether a unit is left, without taking one: called late, since earlier gates decide first; only the database function decides. */
export async function refuseExhausted(ctx: Context, kind: 'processing' | 'training'): Promise<void> {
  const quota = await ctx.state.mine.peekQuota(kind);
  if (!quota.allowed) throw quotaRefusal(kind, quota);
}
