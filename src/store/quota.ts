import { answer, call, type Database } from './clients';
import type { ServiceStore, UserStore } from './interfaces';
import type { ActivePlan, QuotaRecord, QuotaState } from './types';

export const quotaState = (record: QuotaRecord): QuotaState => ({
  allowed: record.allowed,
  reason: record.reason,
  currentUsage: record.current_usage,
  limit: record.limit,
  plan: record.plan,
});

/** A plan as the database gives it. */
export type PlanRecord = Omit<ActivePlan, 'max_file_size_mb'> & { max_file_size_mb: number | string };

export const activePlan = (record: PlanRecord): ActivePlan => ({ ...record, max_file_size_mb: Number(record.max_file_size_mb) });

interface Subscription {
  expires_at: string | null;
  subscription_plans: PlanRecord;
}

const MIB = 1024 ** 2;

/** Bytes of one file: the server's bound, or the plan's if smaller (−1 = no bound of the plan; without a plan nothing is stored anyway). */
export const fileLimit = (maxFileBytes: number, plan: Pick<ActivePlan, 'max_file_size_mb'> | null): number =>
  plan === null || plan.max_file_size_mb < 0 ? maxFileBytes : Math.min(maxFileBytes, plan.max_file_size_mb * MIB);

/** @param userId for a client that may read the subscriptions of everybody */
async function newestPlan(database: Database, userId?: string): Promise<ActivePlan | null> {
  const active = database
    .from('user_subscriptions')
    .select('expires_at, subscription_plans(name, slug, can_use_training, max_file_size_mb)')
    .eq('status', 'active');
  const own = userId === undefined ? active : active.eq('user_id', userId);
  const subscriptions = await answer<Subscription[]>(own.order('created_at', { ascending: false }).limit(100));
  const valid = subscriptions.find(({ expires_at }) => expires_at === null || Date.parse(expires_at) > Date.now());
  return valid ? activePlan(valid.subscription_plans) : null;
}

export const userQuota = (database: Database): Pick<UserStore, 'plan' | 'peekQuota'> => ({
  plan: () => newestPlan(database),
  peekQuota: async (kind) => quotaState(await call<QuotaRecord>(database, 'peek_quota', { p_kind: kind })),
});

export const serviceQuota = (database: Database): Pick<ServiceStore, 'planOf'> => ({ planOf: (userId) => newestPlan(database, userId) });
