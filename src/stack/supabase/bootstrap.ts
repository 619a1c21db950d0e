/**
 * What a hosted Supabase has and lite lacks, put right before the migrations. Repeatable.
 * - roles of the API, and the grants by which functions and defaults may name auth.uid();
 * - lite's PostgreSQL driver stores some jsonb values double-encoded, as a JSON string: triggers decode them.
 */
export const BOOTSTRAP_SQL = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin noinherit bypassrls; end if;
end $$;
create schema if not exists extensions;
grant usage on schema auth, extensions, public, storage to anon, authenticated, service_role;
grant execute on all functions in schema auth to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
grant all on all tables in schema storage to anon, authenticated, service_role;
grant select on auth.users to service_role;

create or replace function auth._decode_json() returns trigger language plpgsql as $f$
declare
  given jsonb := to_jsonb(new);
  decoded jsonb := '{}';
  field text;
begin
  foreach field in array tg_argv loop
    if jsonb_typeof(given -> field) = 'string' then
      decoded := decoded || jsonb_build_object(field, (given ->> field)::jsonb);
    end if;
  end loop;
  if decoded <> '{}' then new := jsonb_populate_record(new, decoded); end if;
  return new;
end $f$;
-- the name sorts before other triggers, which must see the decoded values
create or replace trigger a_decode_json before insert or update on auth.users
  for each row execute function auth._decode_json('raw_user_meta_data', 'raw_app_meta_data');
create or replace trigger a_decode_json before insert or update on auth.identities
  for each row execute function auth._decode_json('identity_data');
create or replace trigger a_decode_json before insert or update on storage.objects
  for each row execute function auth._decode_json('metadata', 'user_metadata');

create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
`;
