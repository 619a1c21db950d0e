-- Removing rows: whatever statement or cascade deletes a row that names an object, the object is queued in the same transaction.

-- The first segment of every object name is its owner's id.
create function public.path_owner(p_path text) returns uuid
language sql immutable set search_path = '' as $$
  select case when p_path ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' then split_part(p_path, '/', 1)::uuid end;
$$;

-- Queues objects of a user; a path queued already only becomes due earlier.
create function public.queue_objects(p_bucket text, p_paths text[]) returns void
language sql security definer set search_path = '' as $$
  insert into public.storage_deletions as d (bucket, object_path, user_id)
  select p_bucket, path, public.path_owner(path)
  from unnest(p_paths) as path
  where path is not null
  on conflict (bucket, object_path) do update set not_before = least(d.not_before, excluded.not_before);
$$;

-- Storage used is counted on the newest row of a user; a new period carries it over. No row is created here:
-- when an account is deleted there is nobody left to count for.
create function public.reduce_storage(p_path text, p_bytes bigint) returns void
language sql security definer set search_path = '' as $$
  update public.usage_tracking u set storage_used_gb = greatest(0, u.storage_used_gb - p_bytes / 1e9)
  where u.id = (
    select id from public.usage_tracking where user_id = public.path_owner(p_path) order by period_start desc limit 1
  ) and p_bytes > 0;
$$;

create function public.after_files_deleted() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  r record;
begin
  for r in select storage_bucket as bucket, array_agg(storage_path) as paths from old_rows where storage_path is not null group by 1 loop
    perform public.queue_objects(r.bucket, r.paths);
  end loop;
  for r in select min(storage_path) as path, sum(size_bytes)::bigint as bytes from old_rows where storage_path is not null group by session_id loop
    perform public.reduce_storage(r.path, r.bytes);
  end loop;
  -- the windows of a file that is gone are no longer the session's
  delete from public.datasets where session_id in (select session_id from old_rows);
  update public.sessions s set file_count = (select count(*) from public.files f where f.session_id = s.id), finalized_at = null
  where s.id in (select session_id from old_rows);
  return null;
end $$;
create trigger queue_objects after delete on public.files referencing old table as old_rows
  for each statement execute function public.after_files_deleted();

-- Tables without a bucket column hold objects of one bucket each; they are queued under its default name, which the service translates.
create function public.after_chunks_deleted() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform public.queue_objects('upload-chunks', array(select object_path from old_rows where object_path is not null));
  return null;
end $$;
create trigger queue_objects after delete on public.upload_chunks referencing old table as old_rows
  for each statement execute function public.after_chunks_deleted();

create function public.dataset_objects(p_manifest text) returns text[]
language sql immutable set search_path = '' as $$
  select array[p_manifest, regexp_replace(p_manifest, '[^/]+$', 'columns.bin')];
$$;

create function public.after_datasets_deleted() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  r record;
begin
  for r in select * from old_rows loop
    perform public.queue_objects('training-results', public.dataset_objects(r.object_path));
    perform public.reduce_storage(r.object_path, r.size_bytes);
  end loop;
  return null;
end $$;
create trigger queue_objects after delete on public.datasets referencing old table as old_rows
  for each statement execute function public.after_datasets_deleted();

create function public.after_models_deleted() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  r record;
begin
  for r in select bucket, array_agg(object_path) as paths from old_rows group by 1 loop
    perform public.queue_objects(r.bucket, r.paths);
  end loop;
  return null;
end $$;
create trigger queue_objects after delete on public.saved_models referencing old table as old_rows
  for each statement execute function public.after_models_deleted();

create function public.after_results_deleted() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  r record;
begin
  for r in select * from old_rows loop
    perform public.queue_objects('training-results', array[r.results_file_path, r.arrays_file_path]);
    perform public.reduce_storage(r.results_file_path, r.file_size_bytes);
  end loop;
  return null;
end $$;
create trigger queue_objects after delete on public.training_results referencing old table as old_rows
  for each statement execute function public.after_results_deleted();

-- Objects without a row (checkpoints, files of a run that was lost) go with their session.
create function public.after_sessions_deleted() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  r record;
begin
  for r in
    select o.bucket_id as bucket, array_agg(o.name) as paths
    from old_rows s
    cross join storage.buckets b
    -- a range over (bucket, name): '0' is the character after '/'
    join storage.objects o on o.bucket_id = b.id
      and o.name collate "C" >= s.user_id || '/' || s.id || '/' and o.name collate "C" < s.user_id || '/' || s.id || '0'
    group by 1
  loop
    perform public.queue_objects(r.bucket, r.paths);
  end loop;
  return null;
end $$;
create trigger queue_objects after delete on public.sessions referencing old table as old_rows
  for each statement execute function public.after_sessions_deleted();

-- ---- deleting sessions -----------------------------------------------------------------------------

create function public.session_counts(p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'sessions', (select count(*) from public.sessions where id = any (p_sessions)),
    'session_mappings', (select count(*) from public.session_mappings where uuid_session_id = any (p_sessions)),
    'files', (select count(*) from public.files where session_id = any (p_sessions)),
    'time_info', (select count(*) from public.time_info where session_id = any (p_sessions)),
    'zeitschritte', (select count(*) from public.zeitschritte where session_id = any (p_sessions)),
    'training_results', (select count(*) from public.training_results where session_id = any (p_sessions)),
    'training_visualizations', (select count(*) from public.training_visualizations where session_id = any (p_sessions)),
    'training_logs', (select count(*) from public.training_logs where session_id = any (p_sessions)),
    'evaluation_tables', (select count(*) from public.evaluation_tables where session_id = any (p_sessions)),
    'training_progress', (select count(*) from public.training_progress where session_id = any (p_sessions)),
    'uploads', (select count(*) from public.uploads where session_id = any (p_sessions)),
    'datasets', (select count(*) from public.datasets where session_id = any (p_sessions)),
    'saved_models', (select count(*) from public.saved_models where session_id = any (p_sessions))
  );
$$;

-- Deletes sessions of one user that have been locked; the objects queued for them are part of the answer, so that the API can remove them at once.
create function public.remove_sessions(p_user uuid, p_sessions uuid[]) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_active jsonb;
  v_counts jsonb;
begin
  select jsonb_build_object('job', job, 'workflow_id', workflow_id, 'status', status, 'overall_progress', overall_progress) into v_active
  from public.training_progress where session_id = any (p_sessions) and status in ('queued', 'running') limit 1;
  if v_active is not null then
    return jsonb_build_object('active_job', v_active);
  end if;
  v_counts := public.session_counts(p_sessions);
  delete from public.sessions where id = any (p_sessions);
  return jsonb_build_object('active_job', null, 'counts', v_counts, 'objects', (
    select coalesce(jsonb_agg(jsonb_build_object('bucket', d.bucket, 'path', d.object_path)), '[]')
    from public.storage_deletions d
    where d.user_id = p_user and split_part(d.object_path, '/', 2) = any (p_sessions::text[])
  ));
end $$;

create function public.delete_session(p_session uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform 1 from public.sessions where id = p_session and user_id = auth.uid() for update;
  if not found then
    return jsonb_build_object('found', false);
  end if;
  return jsonb_build_object('found', true) || public.remove_sessions(auth.uid(), array[p_session]);
end $$;

create function public.delete_user_sessions() returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_sessions uuid[];
begin
  v_sessions := array(select id from public.sessions where user_id = auth.uid() order by id for update);
  return public.remove_sessions(auth.uid(), v_sessions);
end $$;

-- ---- the queue ---------------------------------------------------------------------------------------

-- An object is never removed before the rows that name it: the same name may have been written and stored again since it was queued.
create function public.object_is_named(p_path text) returns boolean
language sql stable security definer set search_path = '' as $$
  select case when p_path !~ '^[0-9a-f-]{36}/[0-9a-f-]{36}/' then false else
    exists (select from public.files where session_id = split_part(p_path, '/', 2)::uuid and storage_path = p_path)
    or exists (select from public.upload_chunks where object_path = p_path)
    or exists (select from public.datasets where session_id = split_part(p_path, '/', 2)::uuid and p_path = any (public.dataset_objects(object_path)))
    or exists (select from public.saved_models where session_id = split_part(p_path, '/', 2)::uuid and object_path = p_path)
    or exists (select from public.training_results where session_id = split_part(p_path, '/', 2)::uuid and p_path in (results_file_path, arrays_file_path))
    -- a dataset built again has its objects before its row: while a job is active nothing of that folder is without a name
    or (split_part(p_path, '/', 3) like 'dataset\_%' and exists (
      select from public.training_progress where session_id = split_part(p_path, '/', 2)::uuid and status in ('queued', 'running')))
  end;
$$;

-- Due objects, each lent for a minute, so that the API and the sweep do not work on the same ones. After 20 attempts a row is kept for the operator.
create function public.take_deletions(p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_taken jsonb;
begin
  delete from public.storage_deletions d
  where d.id in (select id from public.storage_deletions where not_before <= now() order by id limit p_limit) and public.object_is_named(d.object_path);

  with due as (
    select id from public.storage_deletions where not_before <= now() and attempts < 20 order by id limit p_limit for update skip locked
  ), taken as (
    update public.storage_deletions d set not_before = now() + interval '1 minute' from due where d.id = due.id
    returning d.id, d.bucket, d.object_path, d.attempts
  )
  select coalesce(jsonb_agg(to_jsonb(taken) order by id), '[]') into v_taken from taken;
  return v_taken;
end $$;

create function public.deletions_done(p_ids bigint[]) returns void
language sql security definer set search_path = '' as $$
  delete from public.storage_deletions where id = any (p_ids);
$$;

-- Tried again after 1, 2, 4 … minutes, at most 6 hours.
create function public.deletions_failed(p_ids bigint[]) returns void
language sql security definer set search_path = '' as $$
  update public.storage_deletions
  set attempts = attempts + 1, not_before = now() + least(interval '6 hours', interval '1 minute' * power(2, least(attempts, 10)))
  where id = any (p_ids);
$$;

revoke all on function public.path_owner(text), public.queue_objects(text, text[]), public.reduce_storage(text, bigint), public.dataset_objects(text),
  public.after_files_deleted(), public.after_chunks_deleted(), public.after_datasets_deleted(), public.after_models_deleted(),
  public.after_results_deleted(), public.after_sessions_deleted(), public.session_counts(uuid[]), public.remove_sessions(uuid, uuid[]),
  public.delete_session(uuid), public.delete_user_sessions(), public.object_is_named(text), public.take_deletions(integer),
  public.deletions_done(bigint[]), public.deletions_failed(bigint[]) from public, anon, authenticated;
grant execute on function public.delete_session(uuid), public.delete_user_sessions() to authenticated;
grant execute on function public.take_deletions(integer), public.deletions_done(bigint[]), public.deletions_failed(bigint[]) to service_role;
