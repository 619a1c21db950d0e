-- As before, and safe beside a deletion of the same session: the row that was found is locked against it, and when it has gone meanwhile
-- the session is looked for again and opened anew.
create or replace function public.create_session(p_ref text, p_name text default null, p_time_info jsonb default null, p_zeitschritte jsonb default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := auth.uid();
  v_is_uuid boolean := p_ref ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  v_id uuid;
  v_owner uuid;
  v_created boolean;
begin
  loop
    v_created := false;
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

    select user_id into v_owner from public.sessions where id = v_id for key share;
    exit when found;
  end loop;

  if v_owner <> v_user then
    return jsonb_build_object('owned', false, 'session_id', null, 'created', false);
  end if;
  if p_name is not null and not v_created then
    update public.sessions set session_name = p_name where id = v_id;
  end if;
  perform public.store_configuration(v_id, p_time_info, p_zeitschritte);
  return jsonb_build_object('owned', true, 'session_id', v_id, 'created', v_created);
end $$;
