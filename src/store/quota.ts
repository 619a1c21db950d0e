import { answer, call, type Database } from './clients';
import type { UserStore } from './interfaces';
import type { QuotaRecord, QuotaState } from './types';

export const quotaState = (record: QuotaRecord): QuotaState => ({
  allowed: record.allowed,
  reason: record.reason,
  currentUsage: record.current_usage,
  limit: record.limit,
  plan: record.plan,
});

interface PlanRow {
  name: string;
  slug: string;
  can_use_training: boolean;
  max_file_size_mb: number | string;
}

interface Subscription {
  expires_at: string | null;
  subscription_plans: PlanRow;
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
    return active ? { ...active.subscription_plans, max_file_size_mb: Number(active.subscription_plans.max_file_size_mb) } : null;
  },

  peekQuota: async (kind) => quotaState(await call<QuotaRecord>(database, 'peek_quota', { p_kind: kind })),
});
