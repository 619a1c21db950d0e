-- Tables and functions as a Supabase project has them, for the contract of the Supabase-compatible server. Dropped by the tests at their end.
create type public.contract_status as enum ('queued', 'done', 'failed');

create table public.contract_profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  display_name text
);

create table public.contract_projects (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  meta jsonb not null default '{}',
  tags text[] not null default '{}',
  status public.contract_status not null default 'queued',
  amount numeric(12, 4),
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  unique (user_id, name)
);

create table public.contract_items (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.contract_projects (id) on delete cascade,
  seq bigint generated always as identity,
  body jsonb
);

create table public.contract_counters (
  user_id uuid not null references auth.users (id) on delete cascade,
  metric text not null,
  used bigint not null default 0,
  primary key (user_id, metric)
);

alter table public.contract_profiles enable row level security;
alter table public.contract_projects enable row level security;
alter table public.contract_items enable row level security;
alter table public.contract_counters enable row level security;

create policy "own profile" on public.contract_profiles for all to authenticated using (auth.uid() = id) with check (auth.uid() = id);
create policy "own projects" on public.contract_projects for all to authenticated
  using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "own items" on public.contract_items for all to authenticated
  using (exists (select from public.contract_projects p where p.id = project_id and p.user_id = auth.uid()))
  with check (exists (select from public.contract_projects p where p.id = project_id and p.user_id = auth.uid()));

create function public.contract_new_user() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.contract_profiles (id, display_name) values (new.id, new.raw_user_meta_data ->> 'display_name');
  return new;
end $$;
create trigger contract_new_user after insert on auth.users for each row execute function public.contract_new_user();

-- atomic increment with a limit, for the service role only
create function public.contract_increment(p_user_id uuid, p_metric text, p_amount bigint default 1, p_limit bigint default null)
returns table (allowed boolean, used bigint) language plpgsql security definer set search_path = '' as $$
declare
  v_used bigint;
begin
  insert into public.contract_counters as c (user_id, metric) values (p_user_id, p_metric) on conflict do nothing;
  update public.contract_counters c set used = c.used + p_amount
    where c.user_id = p_user_id and c.metric = p_metric and (p_limit is null or c.used + p_amount <= p_limit)
    returning c.used into v_used;
  if v_used is not null then return query select true, v_used; return; end if;
  return query select false, c.used from public.contract_counters c where c.user_id = p_user_id and c.metric = p_metric;
end $$;
revoke execute on function public.contract_increment(uuid, text, bigint, bigint) from public, anon, authenticated;
grant execute on function public.contract_increment(uuid, text, bigint, bigint) to service_role;

create function public.contract_whoami() returns jsonb language sql stable as $$
  select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'current_user', current_user);
$$;
create function public.contract_project_count() returns integer language sql stable security invoker as $$
  select count(*)::int from public.contract_projects;
$$;
create function public.contract_fail(p_message text) returns void language plpgsql as $$
begin
  raise exception '%', p_message using errcode = 'P0001', hint = 'a hint', detail = 'a detail';
end $$;
create view public.contract_summary with (security_invoker = true) as
  select p.name, (select count(*) from public.contract_items i where i.project_id = p.id) as items from public.contract_projects p;

insert into storage.buckets (id, name, public, file_size_limit) values ('contract', 'contract', false, 524288000);
create policy "contract own folder" on storage.objects for all to authenticated
  using (bucket_id = 'contract' and (storage.foldername(name))[1] = auth.uid()::text)
  with check (bucket_id = 'contract' and (storage.foldername(name))[1] = auth.uid()::text);

-- one per kind of answer and argument: calls of these take another way than those of functions that answer rows
create function public.contract_echo(p_value jsonb) returns jsonb language sql immutable as $$ select p_value $$;
create function public.contract_text(p_text text, p_suffix text default '!') returns text language sql immutable as $$ select p_text || p_suffix $$;
create function public.contract_sum(p_a bigint, p_b integer) returns bigint language sql immutable as $$ select p_a + p_b $$;
create function public.contract_is_null(p_value uuid) returns boolean language sql immutable as $$ select p_value is null $$;
create function public.contract_null() returns jsonb language sql immutable as $$ select null::jsonb $$;
create function public.contract_rename(p_project uuid, p_name text) returns void language sql as $$
  update public.contract_projects set name = p_name where id = p_project;
$$;
create function public.contract_overloaded(p_a integer) returns integer language sql immutable as $$ select 1 $$;
create function public.contract_overloaded(p_a text) returns integer language sql immutable as $$ select 2 $$;
create function public.contract_joined(p_parts text[]) returns text language sql immutable as $$ select array_to_string(p_parts, '-') $$;
