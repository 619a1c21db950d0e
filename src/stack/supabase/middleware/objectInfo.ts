import { replaceResponse } from '../lite';
import type { Middleware } from '../lite';

interface StoredObject {
  id: string;
  name: string;
  version: string | null;
  bucket_id: string;
  metadata: { size?: number; mimetype?: string; cacheControl?: string; eTag?: string; lastModified?: string };
  user_metadata?: Record<string, unknown>;
  created_at: string;
}

/** `info()` of supabase-js reads size, type and tag from the top of the answer; lite answers with the row of the table. */
export const objectInfo: Middleware = async (context, next) => {
  await next();
  if (context.req.method !== 'GET' || !context.req.path.startsWith('/storage/v1/object/info/') || !context.res.ok) return;
  const { metadata, ...row } = (await context.res.json()) as StoredObject;
  const info = {
    id: row.id,
    name: row.name,
    version: row.version,
    bucket_id: row.bucket_id,
    created_at: row.created_at,
    metadata: row.user_metadata ?? {},
    size: metadata.size,
    content_type: metadata.mimetype,
    cache_control: metadata.cacheControl,
    etag: metadata.eTag,
    last_modified: metadata.lastModified,
  };
  replaceResponse(context, Response.json(info));
};
