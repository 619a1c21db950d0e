-- All that is asked about a chunk before its bytes are taken, in one call: a call costs more than the queries in it.
create function public.admit_chunk(p_ref text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'plan', (
      select jsonb_build_object('name', (a.plan).name, 'slug', (a.plan).slug, 'can_use_training', (a.plan).can_use_training,
        'max_file_size_mb', (a.plan).max_file_size_mb)
      from public.active_plan(auth.uid()) a
    ),
    'session', public.resolve_session(p_ref),
    'quota', public.peek_quota('processing')
  );
$$;

revoke all on function public.admit_chunk(text) from public, anon, authenticated;
grant execute on function public.admit_chunk(text) to authenticated;
