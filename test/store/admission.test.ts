import { closeDatabase, givePlan, newOwner, newSession, openStore, sql, stringId, type Owner } from './support';

const store = openStore();
let owner: Owner;
let sessionId: string;
beforeAll(async () => {
  owner = await newOwner(store);
  sessionId = await newSession(owner);
});
afterAll(closeDatabase);

describe('admitting a chunk', () => {
  /** What the one call says, beside what the three say that it stands for. */
  async function admission(by: Owner, ref: string) {
    const [admitted, plan, session, quota] = await Promise.all([
      by.store.admitChunk(ref),
      by.store.plan(),
      by.store.resolveSession(ref),
      by.store.peekQuota('processing'),
    ]);
    expect(admitted).toEqual({ plan, session, quota });
    return admitted;
  }

  it('tells plan, session and what is left, for either form of its id', async () => {
    const ref = stringId();
    const made = await owner.store.createSession({ ref, name: null, timeInfo: null, zeitschritte: null });
    for (const id of [ref, made.sessionId])
      expect(await admission(owner, id)).toEqual({
        plan: { name: 'Enterprise', slug: 'enterprise', can_use_training: true, max_file_size_mb: -1 },
        session: { owned: true, sessionId: made.sessionId, stringId: ref },
        quota: { allowed: true, reason: null, currentUsage: 0, limit: -1, plan: 'Enterprise' },
      });
  });

  it('tells of a foreign session that it is one, and of an unknown one nothing', async () => {
    const stranger = await newOwner(store);
    expect((await admission(stranger, sessionId)).session).toEqual({ owned: false });
    expect((await admission(stranger, stringId())).session).toBeNull();
  });

  it('goes by the newest active subscription that has not expired', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 0, training: 0, canTrain: false });
    expect(await admission(user, sessionId)).toMatchObject({
      plan: { can_use_training: false, max_file_size_mb: 10 },
      quota: { allowed: false, reason: 'limit_reached', limit: 0 },
    });
    await sql(
      `update public.user_subscriptions set expires_at = now() - interval '1 second' where user_id = $1 and plan_id <> (select id from public.subscription_plans where slug = 'enterprise')`,
      [user.id],
    );
    expect(await admission(user, sessionId)).toMatchObject({ plan: { slug: 'enterprise' }, quota: { allowed: true } });
    await sql(`update public.user_subscriptions set status = 'cancelled' where user_id = $1`, [user.id]);
    expect(await admission(user, sessionId)).toMatchObject({
      plan: null,
      quota: { allowed: false, reason: 'no_subscription', plan: null },
    });
  });
});
