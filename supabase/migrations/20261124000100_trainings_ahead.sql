-- Earlier trainings of the same user that are not over: the rank of a run among its user's, which decides its priority in the queue.
create function public.trainings_ahead(p_run uuid) returns integer
language sql stable security definer set search_path = '' as $$
  select count(*)::integer
  from public.training_progress p
  join public.sessions own on own.id = p.session_id
  join public.sessions s on s.user_id = own.user_id
  join public.training_progress q on q.session_id = s.id
  where p.run_id = p_run and q.job = 'training' and q.status in ('queued', 'running')
    and (q.created_at, q.run_id) < (p.created_at, p.run_id);
$$;

revoke all on function public.trainings_ahead(uuid) from public, anon, authenticated;
grant execute on function public.trainings_ahead(uuid) to service_role;
