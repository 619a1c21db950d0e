-- Token buckets of the API's rate limits, shared by all its processes (http-api A.10). A crash of the database may empty them: they are full again.
create unlogged table public.rate_limits (
  key text primary key,
  tokens double precision not null,
  granted integer not null,
  updated_at timestamptz not null
);
alter table public.rate_limits enable row level security; -- and no policy: nobody reads it over REST
alter table public.rate_limits force row level security;
revoke all on public.rate_limits from public, anon, authenticated;
create index rate_limits_updated_at on public.rate_limits (updated_at);

-- Takes up to p_wanted tokens of a bucket that holds p_per_minute and refills evenly; `tokens` is what is left.
create function public.take_tokens(p_key text, p_per_minute integer, p_wanted integer) returns table (granted integer, tokens double precision)
language sql volatile security definer set search_path = '' as $$
  insert into public.rate_limits as held (key, tokens, granted, updated_at)
  values (p_key, p_per_minute - least(p_wanted, p_per_minute), least(p_wanted, p_per_minute), clock_timestamp())
  on conflict (key) do update set (tokens, granted, updated_at) = (
    select filled.tokens - least(p_wanted, floor(filled.tokens)), least(p_wanted, floor(filled.tokens))::integer, filled.at
    from (
      -- the row is locked by now: the clock, not the start of the statement, says how long it has been filling
      select clock.at, least(p_per_minute, held.tokens + extract(epoch from clock.at - held.updated_at)::double precision * p_per_minute / 60) as tokens
      from (select greatest(held.updated_at, clock_timestamp()) as at) clock
    ) filled
  )
  returning held.granted, held.tokens;
$$;

revoke all on function public.take_tokens(text, integer, integer) from public, anon, authenticated;
grant execute on function public.take_tokens(text, integer, integer) to service_role;
