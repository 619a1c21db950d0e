-- Sessions: who owns what, creation, listing, order of columns, finalizing.

-- ---- order of columns -------------------------------------------------------------------------------

-- Next number of a type; the caller holds the session's row lock. An upload whose type is not yet known counts as input.
create function public.next_color_index(p_session uuid, p_type text) returns integer
language sql stable security definer set search_path = '' as $$
  select coalesce(max(color_index), -1) + 1 from (
    select color_index from public.files where session_id = p_session and type = p_type
    union all
    select color_index from public.uploads where session_id = p_session and coalesce(file_type, 'input') = p_type
  ) as numbers;
$$;

-- A file row of a key that an upload opened before shares its number; a changed type takes the next one of the new type.
create function public.number_file() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and new.type = old.type or tg_op = 'INSERT' and new.color_index is not null then
    return new;
  end if;
  perform 1 from public.sessions where id = new.session_id for no key update;
  if tg_op = 'INSERT' then
    select u.color_index into new.color_index from public.uploads u
    where u.session_id = new.session_id and u.file_name = new.file_name and u.file_type = new.type and u.bezeichnung = new.bezeichnung;
  else
    new.color_index := null;
  end if;
  new.color_index := coalesce(new.color_index, public.next_color_index(new.session_id, new.type));
  return new;
end $$;
create trigger number_file before insert or update of type on public.files for each row execute function public.number_file();

-- The finished upload of a file follows a changed file key, so that chunks of another file under the old key open a new upload.
create function public.follow_file_key() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if (new.type, new.file_name, new.bezeichnung) is distinct from (old.type, old.file_name, old.bezeichnung) then
    delete from public.uploads
    where session_id = new.session_id and file_name = new.file_name and file_type = new.type and bezeichnung = new.bezeichnung
      and status in ('cancelled', 'expired');
    update public.uploads set file_name = new.file_name, file_type = new.type, bezeichnung = new.bezeichnung, color_index = new.color_index
    where file_id = new.id;
  end if;
  return null;
end $$;
create trigger follow_file_key after update of type, file_name, bezeichnung on public.files for each row execute function public.follow_file_key();

-- ---- existence and ownership ------------------------------------------------------------------------

-- A foreign session yields nothing but the fact that it is foreign.
create function public.resolve_session(p_ref text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_is_uuid boolean := p_ref ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  v_answer jsonb;
begin
  select case when s.user_id = auth.uid()
    then jsonb_build_object('owned', true, 'session_id', s.id, 'string_session_id', m.string_session_id)
    else jsonb_build_object('owned', false, 'session_id', null, 'string_session_id', null) end
  into v_answer
  from public.sessions s left join public.session_mappings m on m.uuid_session_id = s.id
  where s.id = case when v_is_uuid then p_ref::uuid else (select uuid_session_id from public.session_mappings where string_session_id = p_ref) end;
  return v_answer;
end $$;

create function public.resolve_file(p_file uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when s.user_id = auth.uid()
    then jsonb_build_object('owned', true, 'file_id', f.id, 'session_id', s.id)
    else jsonb_build_object('owned', false, 'file_id', null, 'session_id', null) end
  from public.files f join public.sessions s on s.id = f.session_id
  where f.id = p_file;
$$;

-- ---- creation -----------------------------------------------------------------------------------------

-- Replaces the configuration that is given; null and {} leave the stored rows untouched.
create function public.store_configuration(p_session uuid, p_time_info jsonb, p_zeitschritte jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if jsonb_typeof(p_time_info) = 'object' and p_time_info <> '{}' then
    insert into public.time_info (session_id, jahr, monat, woche, tag, feiertag, zeitzone, category_data)
    values (
      p_session,
      coalesce((p_time_info ->> 'jahr')::boolean, false), coalesce((p_time_info ->> 'monat')::boolean, false),
      coalesce((p_time_info ->> 'woche')::boolean, false), coalesce((p_time_info ->> 'tag')::boolean, false),
      coalesce((p_time_info ->> 'feiertag')::boolean, false), coalesce(nullif(p_time_info ->> 'zeitzone', ''), 'UTC'),
      coalesce(nullif(p_time_info -> 'category_data', 'null'), '{}')
    )
    on conflict (session_id) do update set
      jahr = excluded.jahr, monat = excluded.monat, woche = excluded.woche, tag = excluded.tag, feiertag = excluded.feiertag,
      zeitzone = excluded.zeitzone, category_data = excluded.category_data;
  end if;
  if jsonb_typeof(p_zeitschritte) = 'object' and p_zeitschritte <> '{}' then
    insert into public.zeitschritte (session_id, eingabe, ausgabe, zeitschrittweite, "offset")
    values (p_session, p_zeitschritte ->> 'eingabe', p_zeitschritte ->> 'ausgabe', p_zeitschritte ->> 'zeitschrittweite', p_zeitschritte ->> 'offset')
    on conflict (session_id) do update set
      eingabe = excluded.eingabe, ausgabe = excluded.ausgabe, zeitschrittweite = excluded.zeitschrittweite, "offset" = excluded."offset";
  end if;
end $$;

-- Creates or returns. Parallel first calls agree: whoever loses the insert reads what the winner committed.
create function public.create_session(p_ref text, p_name text default null, p_time_info jsonb default null, p_zeitschritte jsonb default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := auth.uid();
  v_is_uuid boolean := p_ref ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  v_id uuid;
  v_owner uuid;
  v_created boolean := false;
begin
  if v_is_uuid then
    insert into public.sessions (id, user_id, session_name) values (p_ref::uuid, v_user, p_name)
    on conflict (id) do nothing returning id into v_id;
    v_created := v_id is not null;
    v_id := p_ref::uuid;
  else
    select uuid_session_id into v_id from public.session_mappings where string_session_id = p_ref;
    if v_id is null then
      v_id := gen_random_uuid();
      insert into public.sessions (id, user_id, session_name) values (v_id, v_user, p_name);
      insert into public.session_mappings (string_session_id, uuid_session_id) values (p_ref, v_id)
      on conflict (string_session_id) do nothing;
      v_created := found;
      if not v_created then
        delete from public.sessions where id = v_id;
        select uuid_session_id into v_id from public.session_mappings where string_session_id = p_ref;
      end if;
    end if;
  end if;

  select user_id into v_owner from public.sessions where id = v_id;
  if v_owner is distinct from v_user then
    return jsonb_build_object('owned', false, 'session_id', null, 'created', false);
  end if;
  if p_name is not null and not v_created then
    update public.sessions set session_name = p_name where id = v_id;
  end if;
  perform public.store_configuration(v_id, p_time_info, p_zeitschritte);
  return jsonb_build_object('owned', true, 'session_id', v_id, 'created', v_created);
end $$;

-- ---- listing --------------------------------------------------------------------------------------------

-- One page, newest first, in the spelling of the API's answer; createdAt keeps the microseconds that make it a cursor.
create function public.list_user_sessions(p_limit integer, p_before_time timestamptz default null, p_before_id uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
  with page as (
    select s.*, m.string_session_id
    from public.sessions s left join public.session_mappings m on m.uuid_session_id = s.id
    where s.user_id = auth.uid()
      and (p_before_time is null or s.created_at < p_before_time or (s.created_at = p_before_time and s.id < p_before_id))
    order by s.created_at desc, s.id desc
    limit p_limit
  )
  select jsonb_build_object(
    'total_count', (select count(*) from public.sessions where user_id = auth.uid()),
    'rows', coalesce((
      select jsonb_agg(jsonb_build_object(
        'sessionId', coalesce(page.string_session_id, page.id::text), 'sessionUuid', page.id, 'sessionName', page.session_name,
        'createdAt', page.created_at, 'lastUpdated', page.updated_at, 'fileCount', jsonb_array_length(f.info), 'finalized', page.finalized,
        'nDat', page.n_dat, 'n_dat_source', page.n_dat_source,
        'zeitschritteCount', (select count(*) from public.zeitschritte z where z.session_id = page.id),
        'timeInfoCount', (select count(*) from public.time_info t where t.session_id = page.id),
        'filesInfo', f.info
      ) order by page.created_at desc, page.id desc)
      from page cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('id', id, 'type', type, 'file_name', file_name, 'bezeichnung', bezeichnung)
          order by type, color_index), '[]') as info
        from public.files where session_id = page.id
      ) as f
    ), '[]')
  );
$$;

-- ---- finalizing -------------------------------------------------------------------------------------------

-- An upload row with the first 100 indices that are missing.
create function public.upload_view(p_upload public.uploads) returns jsonb
language sql stable security definer set search_path = '' as $$
  select to_jsonb(p_upload) || jsonb_build_object('missing', case when p_upload.received_count = p_upload.total_chunks then '[]' else coalesce((
    select jsonb_agg(i) from (
      select i from generate_series(0, p_upload.total_chunks - 1) as i
      where not exists (
        select from public.upload_chunks c where c.upload_id = p_upload.id and c.generation = p_upload.generation and c.chunk_index = i
      )
      order by i limit 100
    ) as gaps
  ), '[]') end);
$$;

create function public.session_uploads(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(public.upload_view(u) order by u.created_at, u.id), '[]')
  from public.uploads u join public.sessions s on s.id = u.session_id
  where u.session_id = p_session and s.user_id = auth.uid();
$$;

-- Refused with the list of gaps while a started file is not assembled. A file refused as a duplicate is no gap: its key has a file.
create function public.finalize_session(p_session uuid, p_time_info jsonb default null, p_zeitschritte jsonb default null, p_content_hash text default null)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_session public.sessions;
  v_gaps jsonb;
  v_windows integer;
begin
  select * into v_session from public.sessions where id = p_session for no key update;
  if not found then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  select jsonb_agg(public.upload_view(u) order by u.created_at, u.id) into v_gaps
  from public.uploads u
  where u.session_id = p_session and u.status in ('receiving', 'assembling', 'hash_mismatch', 'failed') and u.error_code is distinct from 'DUPLICATE_FILE';
  if v_gaps is not null then
    return jsonb_build_object('outcome', 'incomplete', 'uploads', v_gaps);
  end if;

  perform public.store_configuration(p_session, p_time_info, p_zeitschritte);
  select n_dat into v_windows from public.datasets where session_id = p_session and content_hash = p_content_hash;
  update public.sessions s set
    finalized = true,
    finalized_at = coalesce(s.finalized_at, now()),
    file_count = (select count(*) from public.files where session_id = p_session),
    n_dat = coalesce(v_windows, (select coalesce(sum(row_count), 0) from public.files where session_id = p_session)),
    n_dat_source = case when v_windows is null then 'rows' else 'windows' end
  where s.id = p_session
  returning * into v_session;
  return jsonb_build_object('outcome', 'finalized', 'n_dat', v_session.n_dat, 'n_dat_source', v_session.n_dat_source,
    'file_count', v_session.file_count, 'finalized_at', v_session.finalized_at);
end $$;

revoke all on function public.next_color_index(uuid, text), public.number_file(), public.follow_file_key(), public.resolve_session(text),
  public.resolve_file(uuid), public.store_configuration(uuid, jsonb, jsonb), public.create_session(text, text, jsonb, jsonb),
  public.list_user_sessions(integer, timestamptz, uuid), public.upload_view(public.uploads), public.session_uploads(uuid),
  public.finalize_session(uuid, jsonb, jsonb, text) from public, anon, authenticated;
grant execute on function public.resolve_session(text), public.resolve_file(uuid), public.create_session(text, text, jsonb, jsonb),
  public.list_user_sessions(integer, timestamptz, uuid), public.session_uploads(uuid) to authenticated;
grant execute on function public.finalize_session(uuid, jsonb, jsonb, text) to service_role;
