-- Who may touch which row through the REST API.
-- Writes that must be atomic go through functions; those run as the owner of the tables, who therefore has to pass the forced policies.
do $$ begin
  if not exists (select from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)) then
    raise exception 'Migrations must run as a role with BYPASSRLS, since functions are security definer and row level security is forced';
  end if;
end $$;

create function public.owns_session(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.sessions where id = p_session and user_id = (select auth.uid()));
$$;
revoke all on function public.owns_session(uuid), public.set_updated_at() from public, anon, authenticated;
grant execute on function public.owns_session(uuid) to authenticated, service_role;

-- Supabase grants everything on new tables to its API roles: start from nothing.
do $$
declare
  v_table text;
begin
  for v_table in select tablename from pg_tables where schemaname = 'public' and tablename in (
    'sessions', 'session_mappings', 'files', 'time_info', 'zeitschritte', 'training_results', 'training_visualizations', 'training_logs',
    'evaluation_tables', 'training_progress', 'uploads', 'upload_chunks', 'datasets', 'saved_models', 'storage_deletions',
    'subscription_plans', 'user_subscriptions', 'usage_tracking', 'usage_charges', 'socket_io_attachments')
  loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('alter table public.%I force row level security', v_table);
    execute format('revoke all on public.%I from public, anon, authenticated', v_table);
    execute format('grant all on public.%I to service_role', v_table);
  end loop;
end $$;
revoke all on all sequences in schema public from public, anon, authenticated;
grant usage, select on all sequences in schema public to service_role;

-- ---- sessions ----------------------------------------------------------------------------------
grant select, delete on public.sessions to authenticated;
grant insert (id, user_id, session_name, session_info) on public.sessions to authenticated;
grant update (session_name, session_info) on public.sessions to authenticated;
create policy "own sessions: read" on public.sessions for select to authenticated using (user_id = (select auth.uid()));
create policy "own sessions: create" on public.sessions for insert to authenticated with check (user_id = (select auth.uid()));
create policy "own sessions: change" on public.sessions for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "own sessions: delete" on public.sessions for delete to authenticated using (user_id = (select auth.uid()));

grant select on public.session_mappings to authenticated;
create policy "own mappings: read" on public.session_mappings for select to authenticated using (public.owns_session(uuid_session_id));

-- ---- files: content, hash and order belong to the server -----------------------------------------
grant select, delete on public.files to authenticated;
grant insert (
  id, session_id, file_name, type, bezeichnung, utc_min, utc_max, zeitschrittweite, zeitschrittweite_mittelwert, zeitschrittweite_min, min, max, "offset",
  datenpunkte, numerische_datenpunkte, numerischer_anteil, datenform, datenanpassung, zeithorizont_start, zeithorizont_end,
  zeitschrittweite_transferierten_daten, offset_transferierten_daten, mittelwertbildung_uber_den_zeithorizont, skalierung, skalierung_max, skalierung_min
) on public.files to authenticated;
grant update (
  file_name, type, bezeichnung, utc_min, utc_max, zeitschrittweite, zeitschrittweite_mittelwert, zeitschrittweite_min, min, max, "offset",
  datenpunkte, numerische_datenpunkte, numerischer_anteil, datenform, datenanpassung, zeithorizont_start, zeithorizont_end,
  zeitschrittweite_transferierten_daten, offset_transferierten_daten, mittelwertbildung_uber_den_zeithorizont, skalierung, skalierung_max, skalierung_min
) on public.files to authenticated;
create policy "own files: read" on public.files for select to authenticated using (public.owns_session(session_id));
create policy "own files: create" on public.files for insert to authenticated with check (public.owns_session(session_id));
create policy "own files: change" on public.files for update to authenticated
  using (public.owns_session(session_id)) with check (public.owns_session(session_id));
create policy "own files: delete" on public.files for delete to authenticated using (public.owns_session(session_id));

-- ---- configuration -------------------------------------------------------------------------------
-- An upsert by PostgREST sets every column it sends, the key too, so session_id needs the privilege; a trigger keeps its value.
create function public.keep_session() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.session_id <> old.session_id then
    raise exception 'session_id never changes' using errcode = '42501';
  end if;
  return new;
end $$;
revoke all on function public.keep_session() from public, anon, authenticated;

grant select, delete on public.time_info, public.zeitschritte, public.evaluation_tables to authenticated;
grant insert (session_id, jahr, monat, woche, tag, feiertag, zeitzone, category_data),
  update (session_id, jahr, monat, woche, tag, feiertag, zeitzone, category_data) on public.time_info to authenticated;
grant insert (session_id, eingabe, ausgabe, zeitschrittweite, "offset"),
  update (session_id, eingabe, ausgabe, zeitschrittweite, "offset") on public.zeitschritte to authenticated;
grant insert (session_id, df_eval, df_eval_ts, model_type, table_format, run_id),
  update (session_id, df_eval, df_eval_ts, model_type, table_format, run_id) on public.evaluation_tables to authenticated;
do $$
declare
  v_table text;
begin
  foreach v_table in array array['time_info', 'zeitschritte', 'evaluation_tables'] loop
    execute format('create trigger keep_session before update on public.%I for each row execute function public.keep_session()', v_table);
    execute format('create policy "own rows: read" on public.%I for select to authenticated using (public.owns_session(session_id))', v_table);
    execute format('create policy "own rows: create" on public.%I for insert to authenticated with check (public.owns_session(session_id))', v_table);
    execute format('create policy "own rows: change" on public.%I for update to authenticated
      using (public.owns_session(session_id)) with check (public.owns_session(session_id))', v_table);
    execute format('create policy "own rows: delete" on public.%I for delete to authenticated using (public.owns_session(session_id))', v_table);
  end loop;
  -- written by the service only
  foreach v_table in array array['training_results', 'training_visualizations', 'training_logs', 'training_progress', 'uploads', 'datasets', 'saved_models'] loop
    execute format('grant select on public.%I to authenticated', v_table);
    execute format('create policy "own rows: read" on public.%I for select to authenticated using (public.owns_session(session_id))', v_table);
  end loop;
end $$;

grant select on public.upload_chunks to authenticated;
create policy "own chunks: read" on public.upload_chunks for select to authenticated
  using (exists (select from public.uploads where uploads.id = upload_id and public.owns_session(uploads.session_id)));

-- ---- plans and usage -------------------------------------------------------------------------------
grant select on public.subscription_plans, public.user_subscriptions, public.usage_tracking, public.usage_charges to authenticated;
create policy "plans are public to users" on public.subscription_plans for select to authenticated using (true);
create policy "own subscriptions: read" on public.user_subscriptions for select to authenticated using (user_id = (select auth.uid()));
create policy "own usage: read" on public.usage_tracking for select to authenticated using (user_id = (select auth.uid()));
create policy "own charges: read" on public.usage_charges for select to authenticated using (user_id = (select auth.uid()));

-- storage_deletions and socket_io_attachments have no policy: they are reachable for the service role only.
