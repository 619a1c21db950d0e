-- Private buckets and who may read them. Writes are for the service role, which needs no policy.
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values
  ('csv-files', 'csv-files', false, 2147483648, array['text/csv', 'application/octet-stream']),
  ('aus-csv-files', 'aus-csv-files', false, 2147483648, array['text/csv', 'application/octet-stream']),
  ('training-results', 'training-results', false, 2147483648, array['application/json', 'application/gzip', 'application/octet-stream', 'text/csv']),
  ('models', 'models', false, 524288000, array['application/octet-stream', 'application/json']),
  ('upload-chunks', 'upload-chunks', false, 104857600, array['application/octet-stream'])
on conflict (id) do update set public = false, file_size_limit = excluded.file_size_limit, allowed_mime_types = excluded.allowed_mime_types;

-- The first segment of every object name is the owner's id. Chunks under way are nobody's to read: their bucket has no policy.
create policy "own objects: read" on storage.objects for select to authenticated
  using (bucket_id in ('csv-files', 'aus-csv-files', 'training-results', 'models') and (storage.foldername(name))[1] = (select auth.uid())::text);
