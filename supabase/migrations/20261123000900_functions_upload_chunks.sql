-- Receiving chunks. Order of locks everywhere: session, upload, usage.

-- The upload a chunk belongs to. Type and display name may be unknown on either side and then match anything; the exact key always wins.
-- Otherwise the chunk joins the one open upload of that name and number of chunks, else the one finished upload that knows these very bytes
-- (or the only one there is), else the newest tombstone. Several candidates cannot be told apart: `ambiguous`.
create function public.match_upload(p_session uuid, p_file_name text, p_type text, p_bezeichnung text, p_total integer, p_index integer, p_sha256 text,
  out upload_id uuid, out ambiguous boolean)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_open uuid[];
  v_finished uuid[];
  v_same uuid[];
  v_discarded uuid[];
begin
  ambiguous := false;
  select id into upload_id from public.uploads
  where session_id = p_session and file_name = p_file_name and file_type = p_type and bezeichnung = p_bezeichnung;
  if upload_id is not null then
    return;
  end if;

  select
    array_agg(u.id) filter (where u.status not in ('assembled', 'cancelled', 'expired')),
    array_agg(u.id) filter (where u.status = 'assembled'),
    array_agg(u.id) filter (where u.status = 'assembled' and exists (
      select from public.upload_chunks c
      where c.upload_id = u.id and c.generation = u.generation and c.chunk_index = p_index and c.sha256 = p_sha256)),
    array_agg(u.id order by u.last_activity_at desc) filter (where u.status in ('cancelled', 'expired'))
  into v_open, v_finished, v_same, v_discarded
  from public.uploads u
  where u.session_id = p_session and u.file_name = p_file_name and (u.total_chunks = p_total or u.status in ('cancelled', 'expired'))
    and (p_type is null or u.file_type is null or u.file_type = p_type)
    and (p_bezeichnung is null or u.bezeichnung is null or u.bezeichnung = p_bezeichnung);

  if v_open is not null then
    upload_id := v_open[1];
    ambiguous := cardinality(v_open) > 1;
  elsif cardinality(v_same) = 1 then
    upload_id := v_same[1];
  elsif v_finished is not null and (p_type is null or p_bezeichnung is null) then
    upload_id := v_finished[1];
    ambiguous := cardinality(v_finished) > 1;
  elsif v_discarded is not null then
    upload_id := v_discarded[1];
  else
    -- an upload that knows neither may exist with another number of chunks: the key is then taken
    select id into upload_id from public.uploads
    where session_id = p_session and file_name = p_file_name
      and coalesce(file_type, '') = coalesce(p_type, '') and coalesce(bezeichnung, '') = coalesce(p_bezeichnung, '');
  end if;
end $$;

-- Opens an upload with the next number of its type, or that of a file row waiting for content under the same key.
create function public.open_upload(p_session uuid, p_file_name text, p_type text, p_bezeichnung text, p_total integer) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_number integer;
  v_id uuid;
begin
  select color_index into v_number from public.files
  where session_id = p_session and type = coalesce(p_type, 'input') and file_name = p_file_name and bezeichnung = p_bezeichnung;
  insert into public.uploads (session_id, file_name, file_type, bezeichnung, color_index, total_chunks)
  values (p_session, p_file_name, p_type, p_bezeichnung, coalesce(v_number, public.next_color_index(p_session, coalesce(p_type, 'input'))), p_total)
  returning id into v_id;
  return v_id;
end $$;

-- An upload discarded by clean-up or cancel begins anew under the same row; its old chunks were queued when it was discarded.
create function public.restart_upload(p_upload uuid, p_total integer) returns void
language sql security definer set search_path = '' as $$
  update public.uploads set
    generation = generation + 1, attempt = 0, status = 'receiving', total_chunks = p_total, received_count = 0, received_bytes = 0,
    expected_size = null, expected_sha256 = null, file_metadata = '{}', error_code = null
  where id = p_upload;
$$;

-- What a chunk tells beyond its bytes: type and display name where they were unknown, announced hash and size, settings (later values win).
create function public.enrich_upload(p_upload public.uploads, p_type text, p_bezeichnung text, p_sha256 text, p_size bigint, p_metadata jsonb)
returns public.uploads
language plpgsql security definer set search_path = '' as $$
declare
  v_type text := coalesce(p_upload.file_type, p_type);
  v_row public.uploads;
begin
  update public.uploads u set
    file_type = v_type,
    bezeichnung = coalesce(u.bezeichnung, p_bezeichnung),
    -- a type that turns out to be another than the assumed one takes the next number there
    color_index = case when coalesce(v_type, 'input') = coalesce(u.file_type, 'input') then u.color_index
      else public.next_color_index(u.session_id, v_type) end,
    expected_sha256 = coalesce(u.expected_sha256, p_sha256),
    expected_size = coalesce(u.expected_size, p_size),
    file_metadata = u.file_metadata || coalesce(nullif(p_metadata, 'null'), '{}'),
    last_activity_at = now()
  where u.id = p_upload.id
  returning * into v_row;
  return v_row;
end $$;

create function public.chunk_outcome(p_outcome text, p_upload public.uploads) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'outcome', p_outcome, 'upload_id', p_upload.id, 'generation', coalesce(p_upload.generation, 0), 'attempt', coalesce(p_upload.attempt, 0),
    'received', coalesce(p_upload.received_count, 0), 'total_chunks', coalesce(p_upload.total_chunks, 0),
    'missing', case when p_upload.id is null then '[]' else public.upload_view(p_upload) -> 'missing' end,
    'complete', coalesce(p_upload.received_count = p_upload.total_chunks, false), 'status', p_upload.status, 'file_id', p_upload.file_id);
$$;

-- Records a chunk whose bytes are durable under p_object. The bytes count only if this says so: a losing or replaced object is queued.
create function public.register_chunk(
  p_session uuid, p_file_name text, p_type text, p_bezeichnung text, p_total integer, p_index integer, p_size bigint, p_sha256 text, p_object text,
  p_expected_sha256 text default null, p_expected_size bigint default null, p_metadata jsonb default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_match record;
  v_upload public.uploads;
  v_chunk public.upload_chunks;
  v_outcome text;
  v_assemble boolean := false;
begin
  perform 1 from public.sessions where id = p_session for no key update;
  if not found then
    perform public.queue_objects('upload-chunks', array[p_object]);
    return public.chunk_outcome('gone', null);
  end if;
  select * into v_match from public.match_upload(p_session, p_file_name, p_type, p_bezeichnung, p_total, p_index, p_sha256);
  if v_match.ambiguous then
    perform public.queue_objects('upload-chunks', array[p_object]);
    return public.chunk_outcome('ambiguous', null);
  end if;

  if v_match.upload_id is null then
    v_match.upload_id := public.open_upload(p_session, p_file_name, p_type, p_bezeichnung, p_total);
    update public.sessions set finalized = false, finalized_at = null where id = p_session and (finalized or finalized_at is not null);
  end if;
  select * into v_upload from public.uploads where id = v_match.upload_id for update;
  if v_upload.status in ('cancelled', 'expired') then
    if p_index <> 0 then
      perform public.queue_objects('upload-chunks', array[p_object]);
      return public.chunk_outcome('gone', v_upload);
    end if;
    perform public.restart_upload(v_upload.id, p_total);
    update public.sessions set finalized = false, finalized_at = null where id = p_session and (finalized or finalized_at is not null);
    select * into v_upload from public.uploads where id = v_upload.id;
  end if;

  if v_upload.total_chunks <> p_total or v_upload.expected_sha256 <> p_expected_sha256 or v_upload.expected_size <> p_expected_size then
    perform public.queue_objects('upload-chunks', array[p_object]);
    return public.chunk_outcome('upload_conflict', v_upload);
  end if;

  select * into v_chunk from public.upload_chunks where upload_id = v_upload.id and generation = v_upload.generation and chunk_index = p_index;
  if v_chunk.upload_id is null then
    v_outcome := 'stored';
    insert into public.upload_chunks (upload_id, generation, chunk_index, size_bytes, sha256, object_path)
    values (v_upload.id, v_upload.generation, p_index, p_size, p_sha256, p_object);
    v_assemble := v_upload.received_count + 1 = v_upload.total_chunks;
  elsif v_chunk.sha256 = p_sha256 then
    -- the same request repeated after a lost answer names the same object, which must stay
    v_outcome := case when v_chunk.object_path = p_object then 'stored' else 'duplicate' end;
    v_assemble := v_upload.status = 'failed';
  elsif v_upload.status = 'hash_mismatch' then
    v_outcome := 'replaced';
    update public.upload_chunks set size_bytes = p_size, sha256 = p_sha256, object_path = p_object
    where upload_id = v_upload.id and generation = v_upload.generation and chunk_index = p_index;
    perform public.queue_objects('upload-chunks', array[v_chunk.object_path]);
    v_assemble := true;
  else
    v_outcome := 'chunk_conflict';
  end if;
  if v_outcome in ('duplicate', 'chunk_conflict') then
    perform public.queue_objects('upload-chunks', array[p_object]);
  end if;
  if v_outcome = 'chunk_conflict' then
    return public.chunk_outcome(v_outcome, v_upload);
  end if;

  if v_upload.status <> 'assembled' then
    v_upload := public.enrich_upload(v_upload, p_type, p_bezeichnung, p_expected_sha256, p_expected_size, p_metadata);
    update public.uploads set
      received_count = received_count + case when v_chunk.upload_id is null then 1 else 0 end,
      received_bytes = received_bytes + case v_outcome
        when 'replaced' then p_size - v_chunk.size_bytes
        when 'stored' then case when v_chunk.upload_id is null then p_size else 0 end
        else 0 end,
      attempt = attempt + case when v_assemble then 1 else 0 end,
      status = case when v_assemble then 'assembling' else status end,
      error_code = case when v_assemble then null else error_code end
    where id = v_upload.id
    returning * into v_upload;
  end if;
  return public.chunk_outcome(v_outcome, v_upload);
end $$;

create function public.next_upload_seq(p_upload uuid) returns bigint
language sql security definer set search_path = '' as $$
  update public.uploads set seq = seq + 1 where id = p_upload returning seq;
$$;

revoke all on function public.match_upload(uuid, text, text, text, integer, integer, text), public.open_upload(uuid, text, text, text, integer),
  public.restart_upload(uuid, integer), public.enrich_upload(public.uploads, text, text, text, bigint, jsonb),
  public.chunk_outcome(text, public.uploads),
  public.register_chunk(uuid, text, text, text, integer, integer, bigint, text, text, text, bigint, jsonb), public.next_upload_seq(uuid)
  from public, anon, authenticated;
grant execute on function public.register_chunk(uuid, text, text, text, integer, integer, bigint, text, text, text, bigint, jsonb),
  public.next_upload_seq(uuid) to service_role;
