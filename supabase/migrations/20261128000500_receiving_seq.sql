-- Number of the next event about an upload that still receives chunks. None once it is complete or cancelled: a waiting event says what is no longer true.
create function public.next_receiving_seq(p_upload uuid) returns bigint
language sql security definer set search_path = '' as $$
  update public.uploads set seq = seq + 1 where id = p_upload and status = 'receiving' returning seq;
$$;

revoke all on function public.next_receiving_seq(uuid) from public, anon, authenticated;
grant execute on function public.next_receiving_seq(uuid) to service_role;
