-- Steps of the scheduled clean-up. Each is bounded and may be repeated.

create function public.sweep_expired_uploads(p_age interval, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_upload uuid;
  v_expired integer := 0;
  v_removed integer;
begin
  for v_upload in
    select u.id from public.uploads u join public.sessions s on s.id = u.session_id
    where u.status not in ('assembled', 'cancelled', 'expired') and u.last_activity_at < now() - p_age
      and not s.finalized and public.active_job(s.id) is null
    order by u.last_activity_at limit p_limit
    for update of u skip locked
  loop
    perform public.discard_upload(v_upload, 'expired');
    v_expired := v_expired + 1;
  end loop;
  delete from public.uploads where id in (
    select id from public.uploads where status in ('cancelled', 'expired') and last_activity_at < now() - interval '7 days' limit p_limit);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('expired', v_expired, 'tombstones_removed', v_removed);
end $$;

-- Units reserved for an hour without an active job: spent if the run got as far, given back otherwise.
create function public.sweep_charges(p_limit integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_charge uuid;
  v_count integer := 0;
begin
  for v_charge in
    select c.id from public.usage_charges c
    where c.state = 'reserved' and c.updated_at < now() - interval '1 hour'
      and not exists (select from public.training_progress p where p.charge_id = c.id and p.status in ('queued', 'running'))
    order by c.updated_at limit p_limit
  loop
    if exists (select from public.training_progress p where p.charge_id = v_charge and (p.status = 'completed' or p.training_began_at is not null)) then
      perform public.commit_charge(v_charge);
    else
      perform public.refund_charge(v_charge);
    end if;
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- Log rows older than 30 days, and those beyond the newest 1000 of a session.
create function public.sweep_logs(p_limit integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_removed integer;
begin
  delete from public.training_logs where id in (
    select id from (
      select id from public.training_logs where created_at < now() - interval '30 days'
      union
      select id from (
        select id, row_number() over (partition by session_id order by id desc) as rank from public.training_logs
        where session_id in (select session_id from public.training_logs group by 1 having count(*) > 1000)
      ) as ranked where rank > 1000
    ) as old limit p_limit);
  get diagnostics v_removed = row_count;
  return v_removed;
end $$;

-- Whether an object name belongs to an active run: its own folder, checkpoints included.
create function public.is_of_active_run(p_session uuid, p_folder text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.training_progress where session_id = p_session and status in ('queued', 'running') and run_id::text = p_folder);
$$;

-- Objects under a session's path that no row names: those of a session that is gone and checkpoints of closed runs at once, others after p_age.
-- Names of another form are not this service's and are left alone.
create function public.orphan_objects(p_bucket text, p_age interval, p_limit integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  with own as materialized (
    select o.name, o.created_at, split_part(o.name, '/', 2)::uuid as session_id, split_part(o.name, '/', 3) as folder
    from storage.objects o
    where o.bucket_id = p_bucket and o.name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.'
  )
  select coalesce(jsonb_agg(name), '[]') from (
    select name from own
    where case
      when not exists (select from public.sessions s where s.id = own.session_id) then true
      when public.is_of_active_run(session_id, folder) then false
      when name ~ '/checkpoint_[0-9]+[^/]*$' then true
      else created_at < now() - p_age and not public.object_is_named(name)
    end
    order by created_at limit p_limit
  ) as orphans;
$$;

revoke all on function public.sweep_expired_uploads(interval, integer), public.sweep_charges(integer), public.sweep_logs(integer),
  public.is_of_active_run(uuid, text), public.orphan_objects(text, interval, integer) from public, anon, authenticated;
grant execute on function public.sweep_expired_uploads(interval, integer), public.sweep_charges(integer), public.sweep_logs(integer),
  public.orphan_objects(text, interval, integer) to service_role;
