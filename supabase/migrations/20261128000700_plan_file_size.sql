-- An upload is measured against the plan once more when it is complete: chunks that arrive at the same time are each within the limit.
create or replace function public.complete_upload(p_upload uuid, p_generation integer, p_attempt integer, p_file jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_session public.sessions;
  v_upload public.uploads;
  v_file public.files;
  v_content jsonb := p_file -> 'content';
  v_quota jsonb;
  v_id uuid := (p_file ->> 'id')::uuid;
begin
  select s.* into v_session from public.sessions s join public.uploads u on u.session_id = s.id where u.id = p_upload for no key update of s;
  select * into v_upload from public.uploads where id = p_upload for update;
  if v_upload.status = 'assembled' and v_upload.generation = p_generation then
    select * into v_file from public.files where id = v_upload.file_id;
    return jsonb_build_object('outcome', 'already_done', 'file', to_jsonb(v_file), 'quota', null);
  end if;
  -- `failed` of the same attempt: the activity repeats a refusal whose answer was lost
  if v_upload.id is null or v_upload.generation <> p_generation or v_upload.attempt <> p_attempt or v_upload.status not in ('assembling', 'failed') then
    return jsonb_build_object('outcome', 'gone', 'file', null, 'quota', null);
  end if;

  select * into v_file from public.files
  where session_id = v_session.id and type = p_file ->> 'type' and file_name = v_upload.file_name and bezeichnung = p_file ->> 'bezeichnung'
  for update;
  if v_file.sha256 <> v_content ->> 'sha256' then
    return public.refuse_upload(p_upload, 'duplicate_file', 'DUPLICATE_FILE', null);
  end if;
  if v_file.sha256 is null and (v_content ->> 'size_bytes')::bigint > (
    select (a.plan).max_file_size_mb * 1048576 from public.active_plan(v_session.user_id) a where (a.plan).max_file_size_mb >= 0
  ) then
    return public.refuse_upload(p_upload, 'file_too_large', 'FILE_TOO_LARGE', null);
  end if;

  v_quota := public.check_and_reserve_quota(v_session.user_id, 'processing', public.file_charge_key(
    v_session.id, p_file ->> 'type', v_upload.file_name, p_file ->> 'bezeichnung', v_content ->> 'sha256'), v_session.id);
  if not (v_quota ->> 'allowed')::boolean then
    return case when v_quota ->> 'reason' = 'no_subscription'
      then public.refuse_upload(p_upload, 'no_subscription', 'NO_ACTIVE_SUBSCRIPTION', v_quota)
      else public.refuse_upload(p_upload, 'limit_reached', 'PROCESSING_LIMIT_REACHED', v_quota) end;
  end if;
  perform public.commit_charge((v_quota ->> 'charge_id')::uuid);

  if v_file.sha256 is null then
    v_file := public.fill_file(v_session.id, v_upload, v_file, case when exists (select from public.files where id = v_id) then gen_random_uuid() else v_id end, p_file);
    perform public.add_storage_usage(v_session.user_id, v_file.size_bytes);
  elsif v_file.storage_path <> v_content ->> 'storage_path' then
    perform public.queue_objects(v_content ->> 'storage_bucket', array[v_content ->> 'storage_path']);
  end if;

  -- queued chunks are removed by the service; their hashes stay
  perform public.queue_objects('upload-chunks', array(
    select object_path from public.upload_chunks where upload_id = p_upload and object_path is not null));
  update public.upload_chunks set object_path = null where upload_id = p_upload;
  -- the final key replaces an unknown one, unless another upload has it
  update public.uploads set file_type = v_file.type, bezeichnung = v_file.bezeichnung
  where id = p_upload and not exists (
    select from public.uploads o where o.session_id = v_session.id and o.file_name = v_file.file_name and o.id <> p_upload
      and o.file_type = v_file.type and o.bezeichnung = v_file.bezeichnung);
  update public.uploads set status = 'assembled', file_id = v_file.id, error_code = null, last_activity_at = now() where id = p_upload;
  update public.sessions set file_count = (select count(*) from public.files where session_id = v_session.id), finalized_at = null where id = v_session.id;
  return jsonb_build_object('outcome', 'done', 'file', to_jsonb(v_file), 'quota', v_quota);
end $$;
