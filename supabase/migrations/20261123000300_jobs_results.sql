-- Jobs, uploads under way, and what jobs produce.

-- One row per session and kind of job: the newest run.
create table public.training_progress (
  session_id uuid not null references public.sessions (id) on delete cascade,
  job text not null check (job in ('dataset', 'training')),
  run_id uuid not null unique,
  workflow_id text not null,
  temporal_run_id text,
  input jsonb not null,
  status text not null check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  phase text not null check (phase in ('queued', 'loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed')),
  overall_progress numeric(5, 2) not null default 0 check (overall_progress between 0 and 100),
  current_step text,
  message text,
  total_steps integer not null default 7,
  completed_steps integer not null default 0 check (completed_steps between 0 and 7),
  epoch numeric,
  total_epochs numeric,
  loss numeric,
  val_loss numeric,
  eta_seconds numeric,
  seq bigint not null default 0,
  last_event jsonb,
  terminal_published boolean not null default false,
  previous_phase text,
  charge_id uuid references public.usage_charges (id) on delete set null,
  training_began_at timestamptz,
  error_code text,
  error_message text,
  error_details jsonb,
  started_at timestamptz,
  completed_at timestamptz,
  heartbeat_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (session_id, job),
  check (overall_progress < 100 or status = 'completed')
);
-- at most one active job per session, whatever its kind
create unique index training_progress_active on public.training_progress (session_id) where status in ('queued', 'running');
create index training_progress_by_status on public.training_progress (status, heartbeat_at);
create index training_progress_by_execution on public.training_progress (temporal_run_id);
create index training_progress_by_charge on public.training_progress (charge_id);

-- One row per session and file key; cancelled and expired rows are tombstones.
create table public.uploads (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.sessions (id) on delete cascade,
  file_name text not null check (char_length(file_name) between 1 and 255),
  file_type text check (file_type in ('input', 'output')),
  bezeichnung text check (char_length(bezeichnung) <= 255),
  generation integer not null default 1,
  attempt integer not null default 0,
  color_index integer not null,
  total_chunks integer not null check (total_chunks between 1 and 10000),
  received_count integer not null default 0,
  received_bytes bigint not null default 0,
  expected_size bigint check (expected_size >= 0),
  expected_sha256 text check (expected_sha256 ~ '^[0-9a-f]{64}$'),
  status text not null default 'receiving' check (status in ('receiving', 'assembling', 'assembled', 'hash_mismatch', 'failed', 'cancelled', 'expired')),
  file_id uuid references public.files (id) on delete cascade,
  file_metadata jsonb not null default '{}' check (jsonb_typeof(file_metadata) = 'object'),
  error_code text,
  seq bigint not null default 0,
  last_activity_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (received_count between 0 and total_chunks)
);
create unique index uploads_key on public.uploads (session_id, file_name, coalesce(file_type, ''), coalesce(bezeichnung, ''));
create index uploads_idle on public.uploads (last_activity_at) where status not in ('assembled');
create index uploads_of_file on public.uploads (file_id);

-- object_path is null once the file is assembled; the hash stays, so that a re-sent chunk is recognised.
create table public.upload_chunks (
  upload_id uuid not null references public.uploads (id) on delete cascade,
  generation integer not null,
  chunk_index integer not null check (chunk_index >= 0),
  size_bytes bigint not null check (size_bytes > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  object_path text,
  created_at timestamptz not null default now(),
  primary key (upload_id, generation, chunk_index)
);
create index upload_chunks_by_object on public.upload_chunks (object_path) where object_path is not null;

create table public.datasets (
  session_id uuid not null references public.sessions (id) on delete cascade,
  content_hash text not null,
  run_id uuid,
  n_dat integer not null check (n_dat >= 0),
  input_steps integer not null,
  output_steps integer not null,
  input_features text[] not null,
  output_features text[] not null,
  object_path text not null, -- manifest.json; columns.bin lies beside it
  size_bytes bigint not null check (size_bytes >= 0),
  pipeline_version text not null,
  created_at timestamptz not null default now(),
  primary key (session_id, content_hash)
);

create table public.saved_models (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.sessions (id) on delete cascade,
  run_id uuid not null,
  filename text not null check (char_length(filename) between 1 and 255),
  model_type text,
  model_class text,
  dataset_name text,
  format text not null check (format in ('h5', 'keras', 'json', 'bin', 'save')),
  path_in_results text,
  bucket text not null,
  object_path text not null,
  size_bytes bigint not null check (size_bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  unique (session_id, filename)
);
create index saved_models_newest on public.saved_models (session_id, created_at desc);
create index saved_models_of_run on public.saved_models (run_id);

-- One row per finished training run. jsonb columns are bounded: larger data belongs into storage.
create table public.training_results (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.sessions (id) on delete cascade,
  run_id uuid not null unique,
  status text not null check (status in ('completed', 'failed', 'cancelled')),
  results jsonb check (pg_column_size(results) <= 20971520),
  results_file_path text,
  arrays_file_path text,
  file_size_bytes integer,
  compressed boolean not null default false,
  results_metadata jsonb not null default '{}' check (pg_column_size(results_metadata) <= 20971520),
  model_type text,
  model_internal text,
  parameters jsonb check (pg_column_size(parameters) <= 20971520),
  evaluation_metrics jsonb check (pg_column_size(evaluation_metrics) <= 20971520),
  df_eval jsonb check (pg_column_size(df_eval) <= 20971520),
  df_eval_ts jsonb check (pg_column_size(df_eval_ts) <= 20971520),
  scalers jsonb check (pg_column_size(scalers) <= 20971520),
  input_features text[],
  output_features text[],
  n_timesteps integer,
  n_dat integer,
  metrics_version integer not null default 1,
  error_code text,
  error_message text,
  error_details jsonb,
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index training_results_newest on public.training_results (session_id, created_at desc);
create index training_results_completed on public.training_results (session_id, created_at desc) where status = 'completed';

create table public.training_visualizations (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.sessions (id) on delete cascade,
  plot_name text not null,
  position integer not null default 0, -- order in answers: inputs, time columns, outputs
  image_data text not null,
  plot_type text not null check (plot_type in ('violin_plot', 'other')),
  label text,
  side text check (side in ('input', 'time', 'output')),
  plot_metadata jsonb,
  dataset_hash text,
  created_at timestamptz not null default now(),
  unique (session_id, plot_name)
);

create table public.training_logs (
  id bigint generated always as identity primary key,
  session_id uuid not null references public.sessions (id) on delete cascade,
  run_id uuid,
  job text,
  seq bigint,
  level text not null default 'INFO',
  event text,
  step text,
  message text,
  progress jsonb,
  created_at timestamptz not null default now(),
  unique (run_id, seq) -- rows without either are never equal
);
create index training_logs_newest on public.training_logs (session_id, id desc);
create index training_logs_by_age on public.training_logs (created_at);

-- What a client saved by itself; computed tables stand in training_results.
create table public.evaluation_tables (
  session_id uuid primary key references public.sessions (id) on delete cascade,
  df_eval jsonb not null default '{}' check (pg_column_size(df_eval) <= 20971520),
  df_eval_ts jsonb not null default '{}' check (pg_column_size(df_eval_ts) <= 20971520),
  model_type text not null default 'Unknown',
  table_format text not null default 'original_training_format',
  run_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Objects waiting for removal. No foreign keys: the rows outlive what they clean up after.
create table public.storage_deletions (
  id bigint generated always as identity primary key,
  bucket text not null,
  object_path text not null,
  user_id uuid,
  attempts integer not null default 0,
  not_before timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (bucket, object_path)
);
create index storage_deletions_due on public.storage_deletions (not_before);

-- Payloads of Socket.IO messages that are too long for NOTIFY; the name is the adapter's.
create table public.socket_io_attachments (
  id bigserial primary key,
  created_at timestamptz not null default now(),
  payload bytea
);
create index socket_io_attachments_by_age on public.socket_io_attachments (created_at);

create trigger set_updated_at before update on public.training_progress for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.uploads for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.training_results for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.evaluation_tables for each row execute function public.set_updated_at();
