import { ApiError } from '../errors';
import { noSubscription, quotaRefusal, trainingNotAvailable } from '../quota';
import type { Context, Guard, Plan, State } from '../types';
import { declared } from './declared';

/** Active subscription, and with `training` a plan that permits it (403). Leaves the plan in the state. */
export function subscription({ training = false }: { training?: boolean } = {}): Guard {
  return declared(
    { refuses: ['NO_ACTIVE_SUBSCRIPTION', ...(training ? (['TRAINING_NOT_AVAILABLE'] as const) : [])] },
    async (ctx, next) => {
      const plan = await requirePlan(ctx);
      if (training && !plan.can_use_training) throw trainingNotAvailable(plan.name);
      await next();
    },
  );
}

/**
 * The same gate for a route that learns the plan from a call of its own (enterPlan). Whatever refuses the request before that call was made
 * is told only to a caller with a subscription, so the order of refusals is that of subscription(), and a good request costs no query here.
 */
export function lateSubscription(): Guard {
  return declared({ refuses: ['NO_ACTIVE_SUBSCRIPTION'] }, async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      // anything but a refusal is a fault: it is told whoever calls, and the database is not asked once more while it is away
      const { plan }: Partial<State> = ctx.state;
      if (!plan && error instanceof ApiError) await requirePlan(ctx);
      throw error;
    }
  });
}

/** Asks for the plan and leaves it in the state. @throws NO_ACTIVE_SUBSCRIPTION */
export const requirePlan = async (ctx: Context): Promise<Plan> => enterPlan(ctx, await ctx.state.mine.plan());

/** Leaves a plan that is known in the state; null = none. @throws NO_ACTIVE_SUBSCRIPTION */
export function enterPlan({ state }: Context, plan: Plan | null): Plan {
  if (!plan) throw noSubscription();
  state.plan = plan;
  return plan;
}

/** Looks whether a unit is left, without taking one: called late, since earlier gates decide first; only the database function decides. */
export async function refuseExhausted(ctx: Context, kind: 'processing' | 'training'): Promise<void> {
  const quota = await ctx.state.mine.peekQuota(kind);
  if (!quota.allowed) throw quotaRefusal(kind, quota);
}
