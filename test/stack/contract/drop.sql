drop trigger if exists contract_new_user on auth.users;
drop policy if exists "contract own folder" on storage.objects;
delete from storage.objects where bucket_id like 'contract%';
delete from storage.buckets where id like 'contract%';
drop view if exists public.contract_summary;
drop function if exists public.contract_new_user, public.contract_increment, public.contract_whoami, public.contract_project_count, public.contract_fail,
  public.contract_echo, public.contract_text, public.contract_sum, public.contract_is_null, public.contract_null, public.contract_rename,
  public.contract_overloaded(integer), public.contract_overloaded(text), public.contract_joined;
drop table if exists public.contract_counters, public.contract_items, public.contract_projects, public.contract_profiles;
drop type if exists public.contract_status;
