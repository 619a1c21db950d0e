-- Sessions, their files and their configuration.
-- German column names are the ones clients read and write; everything else is English.

-- updated_at is kept by the database, so that no writer can forget it.
create function public.set_updated_at() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end $$;

create table public.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  session_name text check (char_length(session_name) between 1 and 255),
  n_dat integer check (n_dat >= 0),
  n_dat_source text check (n_dat_source in ('rows', 'windows')),
  file_count integer not null default 0 check (file_count >= 0),
  finalized boolean not null default false,
  finalized_at timestamptz,
  workflow_phase text not null default 'upload' check (workflow_phase in ('upload', 'phase1', 'phase2', 'phase3', 'phase4', 'completed')),
  session_info jsonb not null default '{}' check (jsonb_typeof(session_info) = 'object' and pg_column_size(session_info) < 65536),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((n_dat is null) = (n_dat_source is null))
);
create index sessions_of_user on public.sessions (user_id, created_at desc, id desc);
create index sessions_unfinished on public.sessions (updated_at) where not finalized;

-- A session created by a string id keeps it here; a session created by a UUID has no row.
create table public.session_mappings (
  id uuid primary key default gen_random_uuid(),
  string_session_id text not null unique check (
    char_length(string_session_id) <= 128
    and string_session_id ~ '^session_([0-9]+_[A-Za-z0-9]+|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$'
  ),
  uuid_session_id uuid not null unique references public.sessions (id) on delete cascade,
  created_at timestamptz not null default now()
);

create table public.files (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.sessions (id) on delete cascade,
  -- a name is data, never a path
  file_name text not null check (char_length(file_name) between 1 and 255 and file_name !~ '[[:cntrl:]/\\]' and file_name <> '.' and strpos(file_name, '..') = 0),
  type text not null default 'input' check (type in ('input', 'output')),
  bezeichnung text not null check (char_length(bezeichnung) <= 255),
  utc_min text,
  utc_max text,
  zeitschrittweite text,
  zeitschrittweite_mittelwert text,
  zeitschrittweite_min text,
  min text,
  max text,
  "offset" text,
  datenpunkte text,
  numerische_datenpunkte text,
  numerischer_anteil text,
  datenform text,
  datenanpassung text,
  zeithorizont_start text,
  zeithorizont_end text,
  zeitschrittweite_transferierten_daten text,
  offset_transferierten_daten text,
  mittelwertbildung_uber_den_zeithorizont text not null default 'nein' check (char_length(mittelwertbildung_uber_den_zeithorizont) <= 255),
  skalierung text,
  skalierung_max text,
  skalierung_min text,
  storage_bucket text,
  storage_path text,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint check (size_bytes >= 0),
  row_count bigint check (row_count >= 0),
  column_header text,
  separator text check (separator in (';', ',', E'\t')),
  valid boolean,
  problems jsonb not null default '[]' check (jsonb_typeof(problems) = 'array' and jsonb_array_length(problems) <= 20),
  -- order of the columns of a type; given when the upload or the row is opened
  color_index integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint files_key unique (session_id, type, file_name, bezeichnung),
  constraint files_order unique (session_id, type, color_index) deferrable,
  constraint files_content check (num_nonnulls(storage_bucket, storage_path, sha256, size_bytes) in (0, 4)),
  -- settings are drafts, kept as the client sent them; only their length is bounded
  constraint files_texts check (
    greatest(
      char_length(utc_min), char_length(utc_max), char_length(zeitschrittweite), char_length(zeitschrittweite_mittelwert), char_length(zeitschrittweite_min),
      char_length(min), char_length(max), char_length("offset"), char_length(datenpunkte), char_length(numerische_datenpunkte),
      char_length(numerischer_anteil), char_length(datenform), char_length(datenanpassung), char_length(zeithorizont_start),
      char_length(zeithorizont_end), char_length(zeitschrittweite_transferierten_daten), char_length(offset_transferierten_daten),
      char_length(skalierung), char_length(skalierung_max), char_length(skalierung_min)
    ) <= 255
  )
);

create table public.time_info (
  session_id uuid primary key references public.sessions (id) on delete cascade,
  id uuid not null unique default gen_random_uuid(),
  jahr boolean not null default false,
  monat boolean not null default false,
  woche boolean not null default false,
  tag boolean not null default false,
  feiertag boolean not null default false,
  zeitzone text not null default 'UTC' check (char_length(zeitzone) <= 255),
  category_data jsonb not null default '{}' check (jsonb_typeof(category_data) = 'object' and pg_column_size(category_data) < 65536),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.zeitschritte (
  session_id uuid primary key references public.sessions (id) on delete cascade,
  id uuid not null unique default gen_random_uuid(),
  eingabe text,
  ausgabe text,
  zeitschrittweite text,
  "offset" text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint zeitschritte_texts check (
    greatest(char_length(eingabe), char_length(ausgabe), char_length(zeitschrittweite), char_length("offset")) <= 255
  ),
  -- a draft may be no number yet; a number must be a possible one ("case" keeps the cast away from other texts)
  constraint zeitschritte_eingabe check (case when eingabe ~ '^\s*[+-]?\d{1,100}\s*$' then eingabe::numeric between 1 and 4096 else true end),
  constraint zeitschritte_ausgabe check (case when ausgabe ~ '^\s*[+-]?\d{1,100}\s*$' then ausgabe::numeric between 1 and 4096 else true end)
);

create trigger set_updated_at before update on public.sessions for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.files for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.time_info for each row execute function public.set_updated_at();
create trigger set_updated_at before update on public.zeitschritte for each row execute function public.set_updated_at();
