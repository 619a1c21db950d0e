-- What a user may still do, decided and counted under the lock of one row.

-- The newest active subscription counts; several are no error.
create function public.active_plan(p_user uuid) returns table (plan public.subscription_plans, started_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select p, s.started_at
  from public.user_subscriptions s join public.subscription_plans p on p.id = s.plan_id
  where s.user_id = p_user and s.status = 'active' and (s.expires_at is null or s.expires_at > now())
  order by s.created_at desc limit 1;
$$;

-- Calendar month in UTC, or monthly from the start of the subscription. Counting from the anchor keeps a 31st after a short month.
create function public.current_period(p_user uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_today date := (now() at time zone 'utc')::date;
  v_anchor date;
  v_months integer;
  v_kind text;
  v_start date := date_trunc('month', now() at time zone 'utc')::date;
  v_end date := (date_trunc('month', now() at time zone 'utc') + interval '1 month')::date;
begin
  select (a.plan).period_kind, (a.started_at at time zone 'utc')::date into v_kind, v_anchor from public.active_plan(p_user) a;
  if v_kind = 'anniversary' then
    v_months := (extract(year from v_today) - extract(year from v_anchor)) * 12 + extract(month from v_today) - extract(month from v_anchor);
    if (v_anchor + v_months * interval '1 month')::date > v_today then
      v_months := v_months - 1;
    end if;
    v_start := (v_anchor + v_months * interval '1 month')::date;
    v_end := (v_anchor + (v_months + 1) * interval '1 month')::date;
  end if;
  return jsonb_build_object('period_start', v_start, 'period_end', v_end);
end $$;

-- The user's row of the current period, locked. A new period starts with zero counts and the storage carried over.
create function public.lock_usage(p_user uuid) returns public.usage_tracking
language plpgsql security definer set search_path = '' as $$
declare
  v_period jsonb := public.current_period(p_user);
  v_row public.usage_tracking;
begin
  insert into public.usage_tracking (user_id, period_start, period_end, storage_used_gb)
  values (
    p_user, (v_period ->> 'period_start')::date, (v_period ->> 'period_end')::date,
    coalesce((select storage_used_gb from public.usage_tracking where user_id = p_user order by period_start desc limit 1), 0)
  )
  on conflict (user_id, period_start) do nothing;
  select * into v_row from public.usage_tracking where user_id = p_user and period_start = (v_period ->> 'period_start')::date for update;
  return v_row;
end $$;

-- Adds (or, with -1, takes back) one unit of a charge.
create function public.count_unit(p_charge public.usage_charges, p_units integer) returns void
language sql security definer set search_path = '' as $$
  update public.usage_tracking set
    processing_jobs_count = processing_jobs_count + case when p_charge.kind = 'processing' then p_units else 0 end,
    training_runs_count = training_runs_count + case when p_charge.kind = 'training' then p_units else 0 end,
    uploads_count = uploads_count + case when starts_with(p_charge.charge_key, 'file:') then p_units else 0 end,
    operations_count = operations_count + p_units
  where user_id = p_charge.user_id and period_start = p_charge.period_start;
$$;

-- The answer of both quota functions; `reason` null = allowed as far as the plan and the counter go.
create function public.quota_answer(p_user uuid, p_kind text, p_used integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_plan public.subscription_plans;
  v_limit integer;
  v_reason text;
begin
  select (a.plan).* into v_plan from public.active_plan(p_user) a;
  v_limit := case when p_kind = 'training' then v_plan.max_training_runs_per_month else v_plan.max_processing_jobs_per_month end;
  v_reason := case
    when v_plan.id is null then 'no_subscription'
    when p_kind = 'training' and not v_plan.can_use_training then 'training_not_available'
    when v_limit <> -1 and p_used >= v_limit then 'limit_reached'
  end;
  return jsonb_build_object('allowed', v_reason is null, 'reason', v_reason, 'current_usage', p_used, 'limit', coalesce(v_limit, 0),
    'plan', v_plan.name, 'charge_id', null, 'period_start', public.current_period(p_user) -> 'period_start', 'reused', false);
end $$;

-- Check and increment are one step under the lock of the usage row: with k units left, k of any number of parallel calls pass.
create function public.check_and_reserve_quota(p_user uuid, p_kind text, p_key text, p_session uuid default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_usage public.usage_tracking := public.lock_usage(p_user);
  v_charge public.usage_charges;
  v_answer jsonb := public.quota_answer(p_user, p_kind, case when p_kind = 'training' then v_usage.training_runs_count else v_usage.processing_jobs_count end);
begin
  if v_answer ->> 'reason' in ('no_subscription', 'training_not_available') then
    return v_answer;
  end if;
  select * into v_charge from public.usage_charges where user_id = p_user and kind = p_kind and charge_key = p_key for update;
  if v_charge.state in ('reserved', 'committed') then
    return v_answer || jsonb_build_object('allowed', true, 'reason', null, 'charge_id', v_charge.id, 'reused', true);
  end if;
  if v_answer ->> 'reason' is not null then
    return v_answer;
  end if;
  insert into public.usage_charges as c (user_id, kind, charge_key, period_start, state, session_id)
  values (p_user, p_kind, p_key, v_usage.period_start, 'reserved', p_session)
  on conflict (user_id, kind, charge_key) do update
    set state = 'reserved', period_start = excluded.period_start, session_id = excluded.session_id
  returning * into v_charge;
  perform public.count_unit(v_charge, 1);
  return v_answer || jsonb_build_object('charge_id', v_charge.id, 'current_usage', (v_answer ->> 'current_usage')::integer + 1);
end $$;

create function public.peek_quota(p_kind text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select public.quota_answer(auth.uid(), p_kind, coalesce((
    select case when p_kind = 'training' then u.training_runs_count else u.processing_jobs_count end
    from public.usage_tracking u
    where u.user_id = auth.uid() and u.period_start = (public.current_period(auth.uid()) ->> 'period_start')::date
  ), 0));
$$;

create function public.commit_charge(p_charge uuid) returns void
language sql security definer set search_path = '' as $$
  update public.usage_charges set state = 'committed' where id = p_charge and state = 'reserved';
$$;

-- True when this call gave the unit back. A training unit stays spent once training has begun.
create function public.refund_charge(p_charge uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_charge public.usage_charges;
begin
  -- the order of locks is that of check_and_reserve_quota: usage row, then charge
  select * into v_charge from public.usage_charges where id = p_charge;
  perform 1 from public.usage_tracking where user_id = v_charge.user_id and period_start = v_charge.period_start for update;
  select * into v_charge from public.usage_charges where id = p_charge for update;
  if v_charge.id is null or v_charge.state = 'refunded' then
    return false;
  end if;
  if v_charge.kind = 'training' and v_charge.state = 'committed'
    and exists (select from public.training_progress where charge_id = p_charge and training_began_at is not null) then
    return false;
  end if;
  update public.usage_charges set state = 'refunded' where id = p_charge;
  perform public.count_unit(v_charge, -1);
  return true;
end $$;

create function public.add_storage_usage(p_user uuid, p_bytes bigint) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_usage public.usage_tracking := public.lock_usage(p_user);
begin
  update public.usage_tracking set storage_used_gb = greatest(0, storage_used_gb + p_bytes / 1e9) where id = v_usage.id;
end $$;

revoke all on function public.active_plan(uuid), public.current_period(uuid), public.lock_usage(uuid), public.count_unit(public.usage_charges, integer),
  public.quota_answer(uuid, text, integer), public.check_and_reserve_quota(uuid, text, text, uuid), public.peek_quota(text),
  public.commit_charge(uuid), public.refund_charge(uuid), public.add_storage_usage(uuid, bigint) from public, anon, authenticated;
grant execute on function public.peek_quota(text) to authenticated;
grant execute on function public.current_period(uuid), public.check_and_reserve_quota(uuid, text, text, uuid), public.commit_charge(uuid),
  public.refund_charge(uuid), public.add_storage_usage(uuid, bigint) to service_role;
