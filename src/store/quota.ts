import { answer, call, type Database } from './clients';
import type { UserStore } from './interfaces';
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

export const userQuota = (database: Database): Pick<UserStore, 'plan' | 'peekQuota'> => ({
  async plan() {
    const subscriptions = await answer<Subscription[]>(
      database
        .from('user_subscriptions')
        .select('expires_at, subscription_plans(name, slug, can_use_training, max_file_size_mb)')
        .eq('status', 'active')
        .order('created_at', { ascending: false })
        .limit(100),
    );
    const active = subscriptions.find(({ expires_at }) => expires_at === null || Date.parse(expires_at) > Date.now());
    return active ? activePlan(active.subscription_plans) : null;
  },

  peekQuota: async (kind) => quotaState(await call<QuotaRecord>(database, 'peek_quota', { p_kind: kind })),
});
