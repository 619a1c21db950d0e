-- Deleting single files, telling who must hear of a deletion, and files that come without an upload.

-- A row that is added changes the files of its session, whichever way it came.
create function public.after_files_added() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.sessions s set file_count = (select count(*) from public.files f where f.session_id = s.id), finalized_at = null
  where s.id in (select session_id from new_rows);
  return null;
end $$;
create trigger count_files after insert on public.files referencing new table as new_rows
  for each statement execute function public.after_files_added();

-- Removes a file with every upload of its key, so that nothing brings it back; triggers queue the object and remove the cached dataset.
-- An upload that does not know its type or label yet stands for the key it would get.
create function public.delete_file(p_file uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_file public.files;
  v_active jsonb;
begin
  perform 1 from public.sessions s join public.files f on f.session_id = s.id where f.id = p_file and s.user_id = auth.uid() for no key update of s;
  if found then
    -- once more under the lock
    select * into v_file from public.files where id = p_file for update;
  end if;
  if v_file.id is null then
    return jsonb_build_object('found', false, 'active_job', null, 'file_name', null);
  end if;
  v_active := public.active_job(v_file.session_id);
  if v_active is null then
    delete from public.uploads u
    where u.session_id = v_file.session_id and u.file_name = v_file.file_name and coalesce(u.file_type, 'input') = v_file.type
      and coalesce(u.bezeichnung, regexp_replace(u.file_name, '^(.+)\.[^.]*$', '\1')) = v_file.bezeichnung;
    delete from public.files where id = p_file;
  end if;
  return jsonb_build_object('found', true, 'active_job', v_active, 'file_name', v_file.file_name);
end $$;

-- As before, with the sessions in the answer: their rooms are closed afterwards.
create or replace function public.delete_user_sessions() returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_sessions uuid[];
  v_named jsonb;
begin
  v_sessions := array(select id from public.sessions where user_id = auth.uid() order by id for update);
  select coalesce(jsonb_agg(jsonb_build_object('session_id', s.id, 'string_session_id', m.string_session_id)), '[]') into v_named
  from public.sessions s left join public.session_mappings m on m.uuid_session_id = s.id
  where s.id = any (v_sessions);
  return jsonb_build_object('sessions', v_named) || public.remove_sessions(auth.uid(), v_sessions);
end $$;

-- As before, with the upload as it was in the answer: its room hears of the end.
create or replace function public.cancel_upload(p_session uuid, p_file_name text, p_type text default null, p_bezeichnung text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_upload public.uploads;
  v_open integer;
begin
  perform 1 from public.sessions where id = p_session and user_id = auth.uid() for no key update;
  if not found then
    return jsonb_build_object('outcome', 'unknown', 'removed_chunks', 0, 'upload', null);
  end if;
  -- open uploads first, then expired ones, then finished ones
  select u.* into v_upload from public.uploads u
  where u.session_id = p_session and u.file_name = p_file_name and u.status <> 'cancelled'
    and (p_type is null or coalesce(u.file_type, p_type) = p_type)
    and (p_bezeichnung is null or coalesce(u.bezeichnung, p_bezeichnung) = p_bezeichnung)
  order by u.status = 'assembled', u.status = 'expired', u.file_type is not distinct from p_type desc, u.bezeichnung is not distinct from p_bezeichnung desc
  limit 1 for update;
  if v_upload.id is null then
    return jsonb_build_object('outcome', 'unknown', 'removed_chunks', 0, 'upload', null);
  elsif v_upload.status = 'assembled' then
    return jsonb_build_object('outcome', 'already_assembled', 'removed_chunks', 0, 'upload', null);
  elsif v_upload.status = 'expired' then
    delete from public.uploads where id = v_upload.id;
    return jsonb_build_object('outcome', 'cancelled', 'removed_chunks', 0, 'upload', null);
  end if;
  select count(*) into v_open from public.uploads u
  where u.session_id = p_session and u.file_name = p_file_name and u.status not in ('assembled', 'cancelled', 'expired')
    and (p_type is null or coalesce(u.file_type, p_type) = p_type)
    and (p_bezeichnung is null or coalesce(u.bezeichnung, p_bezeichnung) = p_bezeichnung);
  if v_open > 1 and not (v_upload.file_type is not distinct from p_type and v_upload.bezeichnung is not distinct from p_bezeichnung) then
    return jsonb_build_object('outcome', 'ambiguous', 'removed_chunks', 0, 'upload', null);
  end if;
  return jsonb_build_object('outcome', 'cancelled', 'removed_chunks', public.discard_upload(v_upload.id, 'cancelled'), 'upload', to_jsonb(v_upload));
end $$;

revoke all on function public.after_files_added(), public.delete_file(uuid) from public, anon, authenticated;
grant execute on function public.delete_file(uuid) to authenticated;
