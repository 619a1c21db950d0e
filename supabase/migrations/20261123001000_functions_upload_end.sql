-- The endings of an upload: assembled, failed, cancelled. Each is idempotent per (upload, generation, attempt).

-- Columns of `files` that a client's metadata may set; everything else in it is ignored.
create function public.client_file_settings(p_metadata jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(case when jsonb_typeof(p_metadata) = 'object' then p_metadata else '{}' end)
  where key in (
    'utc_min', 'utc_max', 'zeitschrittweite', 'zeitschrittweite_mittelwert', 'zeitschrittweite_min', 'min', 'max', 'offset', 'datenpunkte',
    'numerische_datenpunkte', 'numerischer_anteil', 'datenform', 'datenanpassung', 'zeithorizont_start', 'zeithorizont_end',
    'zeitschrittweite_transferierten_daten', 'offset_transferierten_daten', 'skalierung', 'skalierung_max', 'skalierung_min')
    or key = 'mittelwertbildung_uber_den_zeithorizont' and value <> 'null';
$$;

-- The key under which one file's content is charged: the same bytes under the same file key cost once.
create function public.file_charge_key(p_session uuid, p_type text, p_file_name text, p_bezeichnung text, p_sha256 text) returns text
language sql immutable set search_path = '' as $$
  select 'file:' || p_session || ':'
    || encode(sha256(convert_to(jsonb_build_array(p_type, p_file_name, p_bezeichnung)::text, 'UTF8')), 'hex') || ':' || p_sha256;
$$;

create function public.refuse_upload(p_upload uuid, p_outcome text, p_code text, p_quota jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  update public.uploads set status = 'failed', error_code = p_code, last_activity_at = now() where id = p_upload;
  return jsonb_build_object('outcome', p_outcome, 'file', null, 'quota', p_quota);
end $$;

-- Creates or fills the file row, charges the unit and releases the chunks, in one transaction.
-- p_file: {id, type, bezeichnung, metadata, statistics, content: columns of the stored object}.
-- An object of a refused file is not queued: the next attempt stores it under the same name. Without one, the sweep finds it.
create function public.complete_upload(p_upload uuid, p_generation integer, p_attempt integer, p_file jsonb) returns jsonb
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

-- Writes content, settings and statistics into a new row or one that waited for content. Statistics win over the client's values.
create function public.fill_file(p_session uuid, p_upload public.uploads, p_file public.files, p_id uuid, p_values jsonb) returns public.files
language plpgsql security definer set search_path = '' as $$
declare
  v_file public.files := p_file;
begin
  if p_file.id is null then
    insert into public.files (id, session_id, file_name, type, bezeichnung, color_index)
    values (
      p_id, p_session, p_upload.file_name, p_values ->> 'type', p_values ->> 'bezeichnung',
      -- the upload's number, unless its type was another or a renamed file row has taken it along
      case when coalesce(p_upload.file_type, 'input') = p_values ->> 'type' and not exists (
          select from public.files where session_id = p_session and type = p_values ->> 'type' and color_index = p_upload.color_index)
        then p_upload.color_index else public.next_color_index(p_session, p_values ->> 'type') end
    )
    returning * into v_file;
  end if;
  v_file := jsonb_populate_record(v_file, public.client_file_settings(p_values -> 'metadata'));
  v_file := jsonb_populate_record(v_file, public.client_file_settings(jsonb_strip_nulls(p_values -> 'statistics')));
  v_file := jsonb_populate_record(v_file, p_values -> 'content');
  update public.files f set
    utc_min = v_file.utc_min, utc_max = v_file.utc_max, zeitschrittweite = v_file.zeitschrittweite,
    zeitschrittweite_mittelwert = v_file.zeitschrittweite_mittelwert, zeitschrittweite_min = v_file.zeitschrittweite_min,
    min = v_file.min, max = v_file.max, "offset" = v_file."offset", datenpunkte = v_file.datenpunkte,
    numerische_datenpunkte = v_file.numerische_datenpunkte, numerischer_anteil = v_file.numerischer_anteil,
    datenform = v_file.datenform, datenanpassung = v_file.datenanpassung,
    zeithorizont_start = v_file.zeithorizont_start, zeithorizont_end = v_file.zeithorizont_end,
    zeitschrittweite_transferierten_daten = v_file.zeitschrittweite_transferierten_daten,
    offset_transferierten_daten = v_file.offset_transferierten_daten,
    mittelwertbildung_uber_den_zeithorizont = v_file.mittelwertbildung_uber_den_zeithorizont,
    skalierung = v_file.skalierung, skalierung_max = v_file.skalierung_max, skalierung_min = v_file.skalierung_min,
    storage_bucket = v_file.storage_bucket, storage_path = v_file.storage_path, sha256 = v_file.sha256, size_bytes = v_file.size_bytes,
    row_count = v_file.row_count, column_header = v_file.column_header, separator = v_file.separator, valid = v_file.valid, problems = v_file.problems
  where f.id = v_file.id
  returning * into v_file;
  return v_file;
end $$;

create function public.fail_upload(p_upload uuid, p_generation integer, p_attempt integer, p_status text, p_code text) returns void
language sql security definer set search_path = '' as $$
  update public.uploads set status = p_status, error_code = p_code, last_activity_at = now()
  where id = p_upload and generation = p_generation and attempt = p_attempt and status = 'assembling' and p_status in ('hash_mismatch', 'failed');
$$;

-- The chunks of a discarded upload are deleted (and thereby queued); the row stays as a tombstone that answers 410.
create function public.discard_upload(p_upload uuid, p_status text) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_removed integer;
begin
  delete from public.upload_chunks where upload_id = p_upload;
  get diagnostics v_removed = row_count;
  update public.uploads set status = p_status, received_count = 0, received_bytes = 0, last_activity_at = now() where id = p_upload;
  return v_removed;
end $$;

create function public.cancel_upload(p_session uuid, p_file_name text, p_type text default null, p_bezeichnung text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_upload public.uploads;
  v_open integer;
begin
  perform 1 from public.sessions where id = p_session and user_id = auth.uid() for no key update;
  if not found then
    return jsonb_build_object('outcome', 'unknown', 'removed_chunks', 0);
  end if;
  -- open uploads first, then expired ones, then finished ones
  select u.* into v_upload from public.uploads u
  where u.session_id = p_session and u.file_name = p_file_name and u.status <> 'cancelled'
    and (p_type is null or coalesce(u.file_type, p_type) = p_type)
    and (p_bezeichnung is null or coalesce(u.bezeichnung, p_bezeichnung) = p_bezeichnung)
  order by u.status = 'assembled', u.status = 'expired', u.file_type is not distinct from p_type desc, u.bezeichnung is not distinct from p_bezeichnung desc
  limit 1 for update;
  if v_upload.id is null then
    return jsonb_build_object('outcome', 'unknown', 'removed_chunks', 0);
  elsif v_upload.status = 'assembled' then
    return jsonb_build_object('outcome', 'already_assembled', 'removed_chunks', 0);
  elsif v_upload.status = 'expired' then
    delete from public.uploads where id = v_upload.id;
    return jsonb_build_object('outcome', 'cancelled', 'removed_chunks', 0);
  end if;
  select count(*) into v_open from public.uploads u
  where u.session_id = p_session and u.file_name = p_file_name and u.status not in ('assembled', 'cancelled', 'expired')
    and (p_type is null or coalesce(u.file_type, p_type) = p_type)
    and (p_bezeichnung is null or coalesce(u.bezeichnung, p_bezeichnung) = p_bezeichnung);
  if v_open > 1 and not (v_upload.file_type is not distinct from p_type and v_upload.bezeichnung is not distinct from p_bezeichnung) then
    return jsonb_build_object('outcome', 'ambiguous', 'removed_chunks', 0);
  end if;
  return jsonb_build_object('outcome', 'cancelled', 'removed_chunks', public.discard_upload(v_upload.id, 'cancelled'));
end $$;

revoke all on function public.client_file_settings(jsonb), public.file_charge_key(uuid, text, text, text, text), public.refuse_upload(uuid, text, text, jsonb),
  public.complete_upload(uuid, integer, integer, jsonb), public.fill_file(uuid, public.uploads, public.files, uuid, jsonb),
  public.fail_upload(uuid, integer, integer, text, text), public.discard_upload(uuid, text), public.cancel_upload(uuid, text, text, text)
  from public, anon, authenticated;
grant execute on function public.complete_upload(uuid, integer, integer, jsonb), public.fail_upload(uuid, integer, integer, text, text) to service_role;
grant execute on function public.cancel_upload(uuid, text, text, text) to authenticated;
