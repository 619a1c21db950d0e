-- Step and offset of the transferred data (pipeline.md 5.2), as the last job computed them: they replace what clients sent.
create function public.save_window_steps(p_session uuid, p_steps jsonb) returns void
language sql security definer set search_path = '' as $$
  update public.files f set zeitschrittweite_transferierten_daten = s.step, offset_transferierten_daten = s."offset"
  from jsonb_to_recordset(p_steps) as s (id uuid, step text, "offset" text)
  where f.id = s.id and f.session_id = p_session
    and (f.zeitschrittweite_transferierten_daten, f.offset_transferierten_daten) is distinct from (s.step, s."offset");
$$;

revoke all on function public.save_window_steps(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.save_window_steps(uuid, jsonb) to service_role;
