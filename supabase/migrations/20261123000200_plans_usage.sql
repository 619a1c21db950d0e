-- Plans, subscriptions and what was used of them. For every limit: -1 = unlimited, 0 = none.

create table public.subscription_plans (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  slug text not null unique,
  price_monthly numeric,
  price_yearly numeric,
  max_processing_jobs_per_month integer not null check (max_processing_jobs_per_month >= -1),
  max_training_runs_per_month integer not null check (max_training_runs_per_month >= -1),
  max_uploads_per_month integer not null check (max_uploads_per_month >= -1),
  can_use_training boolean not null default false,
  max_storage_gb numeric not null,
  max_file_size_mb numeric not null,
  period_kind text not null default 'calendar_month' check (period_kind in ('calendar_month', 'anniversary')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.user_subscriptions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  plan_id uuid not null references public.subscription_plans (id) on delete restrict,
  status text not null check (status in ('active', 'cancelled', 'trial', 'trialing', 'past_due', 'expired')),
  billing_cycle text,
  started_at timestamptz not null default now(),
  expires_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index user_subscriptions_newest on public.user_subscriptions (user_id, status, created_at desc);

create table public.usage_tracking (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  period_start date not null,
  -- first day after the period
  period_end date not null check (period_end > period_start),
  processing_jobs_count integer not null default 0 check (processing_jobs_count >= 0),
  training_runs_count integer not null default 0 check (training_runs_count >= 0),
  uploads_count integer not null default 0 check (uploads_count >= 0),
  operations_count integer not null default 0 check (operations_count >= 0),
  storage_used_gb numeric not null default 0 check (storage_used_gb >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, period_start)
);

-- One row per unit; the key makes charging the same thing twice impossible.
create table public.usage_charges (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  kind text not null check (kind in ('processing', 'training')),
  charge_key text not null,
  period_start date not null,
  state text not null check (state in ('reserved', 'committed', 'refunded')),
  session_id uuid, -- no foreign key: charges outlive sessions
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, kind, charge_key)
);
create index usage_charges_reserved on public.usage_charges (updated_at) where state = 'reserved';

create trigger set_updated_at before update on public.subscription_plans for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.user_subscriptions for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.usage_tracking for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.usage_charges for each row execute function public.set_updated_at();

-- Initial plans. They are data: an operator may change every figure without touching code.
insert into public.subscription_plans
  (slug, name, can_use_training, max_processing_jobs_per_month, max_training_runs_per_month, max_uploads_per_month, max_file_size_mb, max_storage_gb)
values
  ('free', 'Free', false, 5, 0, -1, 10, 0.5),
  ('basic', 'Basic', false, 50, 0, -1, 100, 5),
  ('pro', 'Pro', true, 200, 5, -1, 500, 20),
  ('enterprise', 'Enterprise', true, -1, -1, -1, -1, 100)
on conflict (slug) do nothing;
