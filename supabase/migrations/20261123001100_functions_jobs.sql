-- The life of a job up to its end. Order of locks: session, progress row, usage.

create function public.phase_rank(p_phase text) returns integer
language sql immutable set search_path = '' as $$
  select array_position(array['queued', 'loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed'], p_phase);
$$;

create function public.active_job(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('job', job, 'workflow_id', workflow_id, 'status', status, 'overall_progress', overall_progress)
  from public.training_progress where session_id = p_session and status in ('queued', 'running');
$$;

-- Puts a queued row of a new run in the place of the session's last one of this kind.
create function public.enqueue_run(p_input jsonb, p_job text, p_run uuid, p_workflow text, p_temporal_run text, p_charge uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_session uuid := (p_input ->> 'sessionId')::uuid;
begin
  delete from public.training_progress where session_id = v_session and job = p_job;
  insert into public.training_progress (session_id, job, run_id, workflow_id, temporal_run_id, input, status, phase, charge_id, previous_phase, started_at, heartbeat_at)
  select v_session, p_job, p_run, p_workflow, p_temporal_run, p_input, 'queued', 'queued', p_charge, s.workflow_phase,
    case when p_temporal_run is not null then now() end, case when p_temporal_run is not null then now() end
  from public.sessions s where s.id = v_session;
  update public.sessions set workflow_phase = case p_job when 'dataset' then 'phase1' else 'phase3' end where id = v_session;
end $$;

-- Ownership, no other active job, and the unit: one transaction. Of n parallel calls one starts, since all wait for the session's row.
create function public.begin_job(p_user uuid, p_session uuid, p_job text, p_run uuid, p_workflow text, p_input jsonb, p_kind text, p_key text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_owner uuid;
  v_active jsonb;
  v_quota jsonb;
begin
  select user_id into v_owner from public.sessions where id = p_session for no key update;
  if v_owner is null then
    return jsonb_build_object('outcome', 'not_found');
  elsif v_owner <> p_user then
    return jsonb_build_object('outcome', 'forbidden');
  end if;
  if exists (select from public.training_progress where run_id = p_run) then
    return jsonb_build_object('outcome', 'started'); -- the same call repeated after a lost answer
  end if;
  v_active := public.active_job(p_session);
  if v_active is not null then
    return jsonb_build_object('outcome', 'in_progress', 'active', v_active);
  end if;
  v_quota := public.check_and_reserve_quota(p_user, p_kind, p_key, p_session);
  if not (v_quota ->> 'allowed')::boolean then
    return jsonb_build_object('outcome', v_quota ->> 'reason', 'quota', v_quota);
  end if;
  -- a unit paid for earlier (the same dataset once more) is not this run's to give back
  perform public.enqueue_run(p_input, p_job, p_run, p_workflow, null, (
    select id from public.usage_charges where id = (v_quota ->> 'charge_id')::uuid and state = 'reserved'));
  return jsonb_build_object('outcome', 'started');
end $$;

create function public.opened(p_row public.training_progress) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('outcome', 'opened', 'run_id', p_row.run_id, 'started_at', p_row.input ->> 'startedAt', 'status', p_row.status);
$$;

-- Binds the queued row to the execution that works on it. Another execution than the row's is an operator's reset or rerun: a run still active
-- is closed as cancelled and a new one opened, without a charge. p_input, the workflow's input, allows that for a run whose row a later one has taken.
create function public.open_run(p_run uuid, p_temporal_run text, p_input jsonb default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row public.training_progress;
  v_input jsonb;
  v_workflow text;
begin
  select * into v_row from public.training_progress where temporal_run_id = p_temporal_run;
  if v_row.run_id is not null then
    return public.opened(v_row);
  end if;
  select * into v_row from public.training_progress where run_id = p_run;
  v_input := coalesce(v_row.input, nullif(p_input, 'null'));
  if v_input is null then
    -- a step of a closed run whose row a later run has taken, repeated because its answer was lost
    return coalesce((
      select jsonb_build_object('outcome', 'opened', 'run_id', run_id, 'started_at', started_at, 'status', status)
      from public.training_results where run_id = p_run
    ), jsonb_build_object('outcome', 'superseded'));
  end if;
  perform 1 from public.sessions where id = (v_input ->> 'sessionId')::uuid for no key update;
  if not found then
    return jsonb_build_object('outcome', 'superseded');
  end if;
  -- once more under the lock
  select * into v_row from public.training_progress where temporal_run_id = p_temporal_run;
  if v_row.run_id is not null then
    return public.opened(v_row);
  end if;

  select * into v_row from public.training_progress where run_id = p_run for update;
  if v_row.run_id is not null and v_row.temporal_run_id is null then
    update public.training_progress set temporal_run_id = p_temporal_run, started_at = now(), heartbeat_at = now() where run_id = p_run returning * into v_row;
    return public.opened(v_row);
  end if;

  if v_row.run_id is not null and v_row.status in ('queued', 'running') then
    perform public.finish_job(p_run, 'cancelled', jsonb_build_object('message', 'Run was reset by an operator', 'event', coalesce(v_row.last_event, '{}')));
  end if;
  if public.active_job((v_input ->> 'sessionId')::uuid) is not null then
    return jsonb_build_object('outcome', 'superseded');
  end if;
  v_workflow := case v_input ->> 'job' when 'dataset' then 'datasets-' else 'training-' end || (v_input ->> 'sessionId');
  v_input := v_input || jsonb_build_object('runId', gen_random_uuid(), 'startedAt', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
  perform public.enqueue_run(v_input, v_input ->> 'job', (v_input ->> 'runId')::uuid, v_workflow, p_temporal_run, null);
  select * into v_row from public.training_progress where run_id = (v_input ->> 'runId')::uuid;
  return public.opened(v_row);
end $$;

-- Undoes a start that was refused for good; a row whose workflow has begun is left alone.
create function public.abort_job(p_run uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row public.training_progress;
begin
  perform 1 from public.sessions s join public.training_progress p on p.session_id = s.id where p.run_id = p_run for no key update of s;
  delete from public.training_progress where run_id = p_run and status = 'queued' and temporal_run_id is null returning * into v_row;
  if v_row.run_id is null then
    return;
  end if;
  update public.sessions set workflow_phase = v_row.previous_phase where id = v_row.session_id;
  perform public.refund_charge(v_row.charge_id);
end $$;

-- Stores progress if it is progress: null is answered (and nothing changed) for a lower number, an earlier phase, a lower percentage,
-- a closed run, or a run whose row another one has taken. `attempt` begins a new million of event numbers before anything else.
create function public.record_progress(p_run uuid, p_patch jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row public.training_progress;
  v_seq bigint;
  v_phase text;
  v_progress numeric;
  v_leaves_phase boolean;
begin
  select * into v_row from public.training_progress where run_id = p_run for update;
  if v_row.run_id is null or v_row.status not in ('queued', 'running') then
    return null;
  end if;
  if (p_patch ->> 'attempt')::boolean then
    v_row.seq := (v_row.seq / 1000000 + 1) * 1000000;
  end if;
  v_seq := coalesce((p_patch ->> 'seq')::bigint, v_row.seq);
  v_phase := coalesce(p_patch ->> 'phase', v_row.phase);
  -- 100 belongs to `completed`
  v_progress := least(99, coalesce((p_patch ->> 'progress')::numeric, v_row.overall_progress));
  if v_seq < v_row.seq or public.phase_rank(v_phase) < public.phase_rank(v_row.phase) or v_progress < v_row.overall_progress then
    return null;
  end if;
  v_leaves_phase := v_phase <> v_row.phase;

  if v_phase = 'training' and v_row.job = 'training' and v_row.training_began_at is null then
    v_row.training_began_at := now();
    perform public.commit_charge(v_row.charge_id);
  end if;
  update public.training_progress set
    seq = v_seq,
    phase = v_phase,
    overall_progress = v_progress,
    status = case when p_patch ->> 'status' = 'running' then 'running' else status end,
    current_step = coalesce(p_patch ->> 'currentStep', current_step),
    message = coalesce(p_patch ->> 'message', message),
    -- finished phases: all before the current one
    completed_steps = greatest(coalesce((p_patch ->> 'completedSteps')::integer, 0), case v_phase when 'completed' then 7 else public.phase_rank(v_phase) - 1 end),
    -- figures of an epoch end with the phase, unless the patch says otherwise
    epoch = case when p_patch ? 'epoch' or v_leaves_phase then (p_patch ->> 'epoch')::numeric else epoch end,
    total_epochs = case when p_patch ? 'totalEpochs' or v_leaves_phase then (p_patch ->> 'totalEpochs')::numeric else total_epochs end,
    loss = case when p_patch ? 'loss' or v_leaves_phase then (p_patch ->> 'loss')::numeric else loss end,
    val_loss = case when p_patch ? 'valLoss' or v_leaves_phase then (p_patch ->> 'valLoss')::numeric else val_loss end,
    eta_seconds = case when p_patch ? 'etaSeconds' or v_leaves_phase then (p_patch ->> 'etaSeconds')::numeric else eta_seconds end,
    last_event = coalesce(nullif(p_patch -> 'lastEvent', 'null'), last_event),
    training_began_at = v_row.training_began_at,
    heartbeat_at = now()
  where run_id = p_run
  returning * into v_row;
  return to_jsonb(v_row);
end $$;

create function public.mark_published(p_run uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update public.training_progress set terminal_published = true
  where run_id = p_run and not terminal_published and status in ('completed', 'failed', 'cancelled');
  return found;
end $$;

-- Rank among the queued trainings of all users, from 1; null for anything else.
create function public.queue_position(p_run uuid) returns integer
language sql stable security definer set search_path = '' as $$
  select (
    select count(*) from public.training_progress q
    where q.job = 'training' and q.status = 'queued' and (q.created_at, q.run_id) <= (p.created_at, p.run_id)
  )::integer
  from public.training_progress p where p.run_id = p_run and p.job = 'training' and p.status = 'queued';
$$;

revoke all on function public.phase_rank(text), public.active_job(uuid), public.enqueue_run(jsonb, text, uuid, text, text, uuid),
  public.begin_job(uuid, uuid, text, uuid, text, jsonb, text, text), public.opened(public.training_progress), public.open_run(uuid, text, jsonb),
  public.abort_job(uuid), public.record_progress(uuid, jsonb), public.mark_published(uuid), public.queue_position(uuid) from public, anon, authenticated;
grant execute on function public.begin_job(uuid, uuid, text, uuid, text, jsonb, text, text), public.open_run(uuid, text, jsonb), public.abort_job(uuid),
  public.record_progress(uuid, jsonb), public.mark_published(uuid), public.queue_position(uuid) to service_role;
