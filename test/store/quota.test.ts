import { randomUUID } from 'node:crypto';
import { fileLimit } from '../../src/store';
import { closeDatabase, datasetStart, givePlan, newOwner, newSession, openStore, sql, trainingStart, usage, type Owner } from './support';

const store = openStore();
const { service } = store;
afterAll(closeDatabase);

interface Reservation {
  allowed: boolean;
  reason: string | null;
  charge_id: string | null;
  reused: boolean;
  current_usage: number;
  limit: number;
}

const reserve = async (user: Owner, key: string, kind = 'processing'): Promise<Reservation> => {
  const [row] = await sql<{ answer: Reservation }>('select public.check_and_reserve_quota($1, $2, $3) as answer', [user.id, kind, key]);
  if (!row) throw new Error('no answer');
  return row.answer;
};
const refund = async (charge: string | null) =>
  (await sql<{ done: boolean }>('select public.refund_charge($1) as done', [charge]))[0]?.done;

describe('plans', () => {
  it('stand in the database after the migrations, as documented', async () => {
    const plans = await sql(
      `select slug, can_use_training, max_processing_jobs_per_month as processing, max_training_runs_per_month as training,
         max_file_size_mb::float as mb, max_storage_gb::float as gb
       from public.subscription_plans where slug in ('free', 'basic', 'pro', 'enterprise') order by max_storage_gb`,
    );
    expect(plans).toEqual([
      { slug: 'free', can_use_training: false, processing: 5, training: 0, mb: 10, gb: 0.5 },
      { slug: 'basic', can_use_training: false, processing: 50, training: 0, mb: 100, gb: 5 },
      { slug: 'pro', can_use_training: true, processing: 200, training: 5, mb: 500, gb: 20 },
      { slug: 'enterprise', can_use_training: true, processing: -1, training: -1, mb: -1, gb: 100 },
    ]);
  });

  it('give a user who signs up in the embedded stack everything', async () => {
    const user = await newOwner(store);
    expect(await user.store.plan()).toEqual({ name: 'Enterprise', slug: 'enterprise', can_use_training: true, max_file_size_mb: -1 });
    expect(await user.store.peekQuota('training')).toEqual({ allowed: true, reason: null, currentUsage: 0, limit: -1, plan: 'Enterprise' });
  });

  it('of one user are told to the service, and bound the size of a file', async () => {
    const user = await newOwner(store);
    expect(await service.planOf(user.id)).toMatchObject({ slug: 'enterprise' });
    expect(fileLimit(1000, await service.planOf(user.id))).toBe(1000);
    await givePlan(user.id, { processing: 3, training: 1 }); // 10 MiB a file
    const plan = await service.planOf(user.id);
    expect(plan).toMatchObject({ max_file_size_mb: 10 });
    expect([fileLimit(2 ** 31, plan), fileLimit(1000, plan), fileLimit(1000, null)]).toEqual([10 * 1024 ** 2, 1000, 1000]);
    expect(await service.planOf('00000000-0000-4000-8000-000000000000')).toBeNull();
  });

  it('count by the newest active subscription that has not expired', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 3, training: 1 });
    expect((await user.store.peekQuota('processing')).limit).toBe(3);
    await sql(
      `update public.user_subscriptions set expires_at = now() - interval '1 second' where user_id = $1 and plan_id <> (select id from public.subscription_plans where slug = 'enterprise')`,
      [user.id],
    );
    expect((await user.store.plan())?.slug).toBe('enterprise');
    await sql(`update public.user_subscriptions set status = 'past_due' where user_id = $1`, [user.id]);
    expect(await user.store.plan()).toBeNull();
    expect(await user.store.peekQuota('processing')).toMatchObject({ allowed: false, reason: 'no_subscription', plan: null });
    expect(await reserve(user, 'x')).toMatchObject({ allowed: false, reason: 'no_subscription' });
  });
});

describe('units', () => {
  it('pass exactly as often as some are left, however many ask at once', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 7, training: 0 });
    const answers = await Promise.all(Array.from({ length: 27 }, (_, i) => reserve(user, `dataset:${i}`)));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(7);
    expect(answers.filter(({ reason }) => reason === 'limit_reached')).toHaveLength(20);
    expect(await usage(user.id)).toMatchObject({ processing: 7 });
  });

  it('are unlimited with −1 and refused with 0', async () => {
    const user = await newOwner(store);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => reserve(user, `k${i}`)));
    expect(answers.every(({ allowed }) => allowed)).toBe(true);
    await givePlan(user.id, { processing: 0, training: 0 });
    expect(await reserve(user, 'k10')).toMatchObject({ allowed: false, reason: 'limit_reached', limit: 0, current_usage: 10 });
  });

  it('are taken once for one key, in parallel too', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 1, training: 0 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => reserve(user, 'same')));
    expect(answers.filter(({ reused }) => !reused)).toHaveLength(1);
    expect(answers.every(({ allowed }) => allowed)).toBe(true);
    expect(await usage(user.id)).toMatchObject({ processing: 1 });
  });

  it('go back once, and their key may be taken again', async () => {
    const user = await newOwner(store);
    const { charge_id: charge } = await reserve(user, 'k');
    expect([await refund(charge), await refund(charge)]).toEqual([true, false]);
    expect(await usage(user.id)).toMatchObject({ processing: 0 });
    expect(await reserve(user, 'k')).toMatchObject({ allowed: true, reused: false });
    expect(await usage(user.id)).toMatchObject({ processing: 1 });
  });

  it('go back to the period they were taken from', async () => {
    const user = await newOwner(store);
    const { charge_id: charge } = await reserve(user, 'old');
    await sql(`update public.usage_tracking set period_start = '2020-01-01', period_end = '2020-02-01' where user_id = $1`, [user.id]);
    await sql(`update public.usage_charges set period_start = '2020-01-01' where id = $1`, [charge]);
    await reserve(user, 'new');
    await refund(charge);
    expect(
      await sql('select processing_jobs_count as n from public.usage_tracking where user_id = $1 order by period_start', [user.id]),
    ).toEqual([{ n: 0 }, { n: 1 }]);
  });

  it('of training are refused by a plan without training, before any count', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 5, training: 5, canTrain: false });
    expect(await reserve(user, 'training:x', 'training')).toMatchObject({ allowed: false, reason: 'training_not_available' });
  });
});

describe('periods', () => {
  const period = async (user: Owner) =>
    (await sql<{ p: { period_start: string; period_end: string } }>('select public.current_period($1) as p', [user.id]))[0]?.p;

  it('are calendar months in UTC', async () => {
    const now = new Date();
    const month = (offset: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString().slice(0, 10);
    expect(await period(await newOwner(store))).toEqual({ period_start: month(0), period_end: month(1) });
  });

  it('run from the day of subscription where the plan says so, with month ends clamped', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 1, training: 1 });
    await sql(
      `update public.subscription_plans set period_kind = 'anniversary' where id in (select plan_id from public.user_subscriptions where user_id = $1) and slug like 'test-%'`,
      [user.id],
    );
    // a subscription begun on a 31st long ago: every period starts on the 31st or the last day of the month
    await sql(`update public.user_subscriptions set started_at = '2020-01-31T12:00:00Z' where user_id = $1`, [user.id]);
    const today = new Date();
    const lastOf = (month: number) => new Date(Date.UTC(today.getUTCFullYear(), month + 1, 0));
    const thisMonth = lastOf(today.getUTCMonth());
    const begun = thisMonth.getUTCDate() === today.getUTCDate();
    const start = begun ? thisMonth : lastOf(today.getUTCMonth() - 1);
    const end = lastOf(today.getUTCMonth() + (begun ? 1 : 0));
    expect(await period(user)).toEqual({ period_start: start.toISOString().slice(0, 10), period_end: end.toISOString().slice(0, 10) });
  });

  it('begin with zero counts and carry the storage over', async () => {
    const user = await newOwner(store);
    await sql('select public.add_storage_usage($1, 2500000000)', [user.id]);
    await sql(
      `update public.usage_tracking set period_start = '2020-01-01', period_end = '2020-02-01', processing_jobs_count = 9 where user_id = $1`,
      [user.id],
    );
    await reserve(user, randomUUID());
    expect(
      await sql(
        'select processing_jobs_count as n, storage_used_gb::float as gb from public.usage_tracking where user_id = $1 order by period_start desc limit 1',
        [user.id],
      ),
    ).toEqual([{ n: 1, gb: 2.5 }]);
    await sql('select public.add_storage_usage($1, -9000000000)', [user.id]);
    expect(
      (
        await sql<{ gb: number }>(
          'select storage_used_gb::float as gb from public.usage_tracking where user_id = $1 order by period_start desc limit 1',
          [user.id],
        )
      )[0]?.gb,
    ).toBe(0);
  });
});

describe('units of jobs', () => {
  it('refuse a start beyond the limit and leave no row', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 0, training: 0 });
    const sessionId = await newSession(user);
    for (const start of [datasetStart(user, sessionId), trainingStart(user, sessionId)]) {
      expect(await store.service.beginJob(start)).toMatchObject({ outcome: 'limit_reached', quota: { limit: 0, currentUsage: 0 } });
    }
    expect(await user.store.progress(sessionId)).toEqual([]);
    expect(await user.store.session(sessionId)).toMatchObject({ workflow_phase: 'upload' });
  });
});
