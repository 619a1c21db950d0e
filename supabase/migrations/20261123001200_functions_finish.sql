-- The only way into a terminal state, and what comes with it: result, models, retention, charge, phase, event, log.

-- The unit of a run that ends without success goes back unless training has begun; a dataset's always does.
create function public.settle_charge(p_row public.training_progress, p_status text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if p_row.charge_id is null then
    return false;
  end if;
  if p_status <> 'completed' and (p_row.job = 'dataset' or p_row.training_began_at is null) then
    return public.refund_charge(p_row.charge_id);
  end if;
  perform public.commit_charge(p_row.charge_id);
  return false;
end $$;

-- Writes the result row of a training run; what the payload leaves out is taken from the workflow's input.
create function public.write_result(p_row public.training_progress, p_status text, p_payload jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_training jsonb := p_row.input -> 'training';
  v_result public.training_results;
begin
  select * into v_result from public.training_results where run_id = p_row.run_id;
  if v_result.id is not null then
    return v_result.id;
  end if;
  v_result := jsonb_populate_record(null::public.training_results, coalesce(nullif(p_payload -> 'result', 'null'), '{}'));
  v_result.id := coalesce(v_result.id, gen_random_uuid());
  v_result.session_id := p_row.session_id;
  v_result.run_id := p_row.run_id;
  v_result.status := p_status;
  v_result.results := null;
  v_result.compressed := coalesce(v_result.compressed, false);
  v_result.results_metadata := coalesce(v_result.results_metadata, '{}');
  v_result.model_type := coalesce(v_result.model_type, v_training ->> 'modeAsSent');
  v_result.model_internal := coalesce(v_result.model_internal, v_training -> 'model' ->> 'kind');
  v_result.parameters := coalesce(v_result.parameters, v_training -> 'parameters');
  v_result.metrics_version := coalesce(v_result.metrics_version, 1);
  v_result.error_code := p_payload ->> 'errorCode';
  v_result.error_message := p_payload ->> 'errorMessage';
  v_result.error_details := nullif(p_payload -> 'errorDetails', 'null');
  v_result.started_at := coalesce(p_row.started_at, p_row.created_at);
  v_result.completed_at := now();
  v_result.created_at := now();
  v_result.updated_at := now();
  insert into public.training_results select v_result.*;

  -- a file of the same name belongs to a run of the same second: the newer one keeps the name
  delete from public.saved_models m
  using jsonb_array_elements(coalesce(nullif(p_payload -> 'models', 'null'), '[]')) as item
  where m.session_id = p_row.session_id and m.filename = item ->> 'filename';
  insert into public.saved_models (session_id, run_id, filename, model_type, model_class, dataset_name, format, path_in_results, bucket, object_path, size_bytes, sha256)
  select p_row.session_id, p_row.run_id, m.filename, m.model_type, m.model_class, m.dataset_name, m.format, m.path_in_results, m.bucket, m.object_path,
    m.size_bytes, m.sha256
  from jsonb_populate_recordset(null::public.saved_models, coalesce(nullif(p_payload -> 'models', 'null'), '[]')) as m;
  return v_result.id;
end $$;

-- At a success: the newest p_keep completed runs stay, and of the others what is newer than the newest success. Triggers queue the objects.
create function public.retain_results(p_session uuid, p_keep integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_removed uuid[];
begin
  v_removed := array(
    (select run_id from public.training_results where session_id = p_session and status = 'completed' order by created_at desc, id offset greatest(p_keep, 1))
    union all
    select run_id from public.training_results
    where session_id = p_session and status <> 'completed'
      and created_at <= (select max(created_at) from public.training_results where session_id = p_session and status = 'completed')
  );
  delete from public.saved_models where run_id = any (v_removed);
  delete from public.training_results where run_id = any (v_removed);
end $$;

-- The terminal event: its number begins a new million, as an attempt's do, and so is above every event sent without a row write;
-- the number before it is left for the last training_progress of a completed run.
create function public.terminal_event(p_row public.training_progress, p_payload jsonb, p_refunded boolean, p_result uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_percent numeric := trim_scale(p_row.overall_progress);
  v_now text := to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  v_event jsonb := coalesce(nullif(p_payload -> 'event', 'null'), '{}') || jsonb_build_object(
    'run_id', p_row.run_id, 'job', p_row.job, 'seq', p_row.seq, 'status', p_row.status, 'progress_percent', v_percent, 'timestamp', v_now,
    'refunded', p_refunded);
begin
  if p_result is not null and p_row.status = 'completed' then
    v_event := v_event || jsonb_build_object('result_id', p_result, 'completed_at', v_now);
  end if;
  return v_event || case jsonb_typeof(v_event -> 'progress')
    when 'number' then jsonb_build_object('progress', v_percent)
    when 'object' then jsonb_build_object('progress', (v_event -> 'progress') || jsonb_build_object('overall', v_percent))
    else '{}' end;
end $$;

-- p_payload: FinishPayload of the store. Repeating a call, or finishing otherwise later, changes nothing and returns what is stored.
create function public.finish_job(p_run uuid, p_status text, p_payload jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row public.training_progress;
  v_refunded boolean;
  v_result uuid;
  v_event jsonb;
  r record;
begin
  perform 1 from public.sessions s join public.training_progress p on p.session_id = s.id where p.run_id = p_run for no key update of s;
  select * into v_row from public.training_progress where run_id = p_run for update;
  if v_row.run_id is null then
    -- another run has taken the row: this one was closed before
    return jsonb_build_object('status', coalesce((select status from public.training_results where run_id = p_run), 'cancelled'), 'event', null, 'refunded', false);
  end if;
  if v_row.status not in ('queued', 'running') then
    return jsonb_build_object('status', v_row.status, 'event', v_row.last_event, 'refunded', coalesce((v_row.last_event ->> 'refunded')::boolean, false));
  end if;
  if p_status not in ('completed', 'failed', 'cancelled') then
    raise exception 'finish_job: % is not a terminal state', p_status using errcode = '22023';
  end if;

  v_refunded := public.settle_charge(v_row, p_status);
  if v_row.job = 'training' then
    v_result := public.write_result(v_row, p_status, p_payload);
  end if;
  v_row.status := p_status;
  v_row.seq := (v_row.seq / 1000000 + 1) * 1000000;
  v_row.phase := case p_status when 'completed' then 'completed' else v_row.phase end;
  v_row.overall_progress := case p_status when 'completed' then 100 else least(99, v_row.overall_progress) end;
  v_event := public.terminal_event(v_row, p_payload, v_refunded, v_result);
  update public.training_progress set
    status = v_row.status, phase = v_row.phase, seq = v_row.seq, overall_progress = v_row.overall_progress, last_event = v_event,
    completed_steps = case p_status when 'completed' then 7 else completed_steps end,
    current_step = p_payload ->> 'message', message = p_payload ->> 'message', eta_seconds = null,
    error_code = p_payload ->> 'errorCode', error_message = p_payload ->> 'errorMessage', error_details = nullif(p_payload -> 'errorDetails', 'null'),
    completed_at = now(), heartbeat_at = now()
  where run_id = p_run;

  update public.sessions set
    workflow_phase = case when p_status <> 'completed' then coalesce(v_row.previous_phase, workflow_phase) when v_row.job = 'dataset' then 'phase2' else 'phase4' end,
    n_dat = case when p_status = 'completed' then coalesce((p_payload ->> 'nDat')::integer, n_dat) else n_dat end,
    n_dat_source = case when p_status = 'completed' and p_payload ->> 'nDat' is not null then 'windows' else n_dat_source end
  where id = v_row.session_id;
  if p_status = 'completed' and v_row.job = 'training' then
    perform public.add_storage_usage((select user_id from public.sessions where id = v_row.session_id),
      coalesce((select file_size_bytes from public.training_results where run_id = p_run), 0));
    perform public.retain_results(v_row.session_id, coalesce((p_payload ->> 'resultsToKeep')::integer, 10));
  end if;
  for r in select item ->> 'bucket' as bucket, item ->> 'path' as path from jsonb_array_elements(coalesce(nullif(p_payload -> 'obsoleteObjects', 'null'), '[]')) as item loop
    perform public.queue_objects(r.bucket, array[r.path]);
  end loop;

  insert into public.training_logs (session_id, run_id, job, seq, level, event, step, message, progress)
  values (
    v_row.session_id, p_run, v_row.job, v_row.seq, case p_status when 'failed' then 'ERROR' else 'INFO' end, p_status, v_row.phase, p_payload ->> 'message',
    jsonb_build_object('overall', trim_scale(v_row.overall_progress), 'current_step', p_payload ->> 'message', 'total_steps', 7,
      'completed_steps', case p_status when 'completed' then 7 else v_row.completed_steps end, 'phase', v_row.phase)
  )
  on conflict (run_id, seq) do nothing;
  return jsonb_build_object('status', p_status, 'event', v_event, 'refunded', v_refunded);
end $$;

-- ---- what runs store on their way ------------------------------------------------------------------

-- One current dataset per session. Objects of the replaced one stay for an hour: a download may be reading them.
create function public.save_dataset(p_row jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_new public.datasets := jsonb_populate_record(null::public.datasets, p_row);
  v_known boolean;
  v_old record;
begin
  perform 1 from public.sessions where id = v_new.session_id for no key update;
  select exists (select from public.datasets where session_id = v_new.session_id and content_hash = v_new.content_hash) into v_known;
  for v_old in delete from public.datasets where session_id = v_new.session_id and content_hash <> v_new.content_hash returning object_path loop
    update public.storage_deletions set not_before = now() + interval '1 hour'
    where bucket = 'training-results' and object_path = any (public.dataset_objects(v_old.object_path));
  end loop;
  v_new.created_at := now();
  insert into public.datasets select v_new.* on conflict (session_id, content_hash) do update set
    run_id = excluded.run_id, n_dat = excluded.n_dat, input_steps = excluded.input_steps, output_steps = excluded.output_steps,
    input_features = excluded.input_features, output_features = excluded.output_features, object_path = excluded.object_path,
    size_bytes = excluded.size_bytes, pipeline_version = excluded.pipeline_version, created_at = excluded.created_at;
  -- an earlier dataset of the same content may have left the same names in the queue
  delete from public.storage_deletions where bucket = 'training-results' and object_path = any (public.dataset_objects(v_new.object_path));
  if not v_known then
    perform public.add_storage_usage((select user_id from public.sessions where id = v_new.session_id), v_new.size_bytes);
  end if;
end $$;

create function public.replace_violins(p_session uuid, p_dataset_hash text, p_plots jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform 1 from public.sessions where id = p_session for no key update;
  delete from public.training_visualizations
  where session_id = p_session and (plot_type = 'violin_plot' or plot_name in (select item ->> 'plot_name' from jsonb_array_elements(p_plots) as item));
  insert into public.training_visualizations (session_id, plot_name, position, image_data, plot_type, label, side, plot_metadata, dataset_hash)
  select p_session, item ->> 'plot_name', ordinal, item ->> 'image_data', item ->> 'plot_type', item ->> 'label', item ->> 'side',
    nullif(item -> 'plot_metadata', 'null'), p_dataset_hash
  from jsonb_array_elements(p_plots) with ordinality as plots (item, ordinal);
end $$;

revoke all on function public.settle_charge(public.training_progress, text), public.write_result(public.training_progress, text, jsonb),
  public.retain_results(uuid, integer), public.terminal_event(public.training_progress, jsonb, boolean, uuid), public.finish_job(uuid, text, jsonb),
  public.save_dataset(jsonb), public.replace_violins(uuid, text, jsonb) from public, anon, authenticated;
grant execute on function public.finish_job(uuid, text, jsonb), public.save_dataset(jsonb), public.replace_violins(uuid, text, jsonb) to service_role;
