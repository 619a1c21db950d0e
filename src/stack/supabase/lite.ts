/** Types of @supabase/lite, which is an ES-module-only package: its values are loaded by import() in server.ts. */
import type { ApiKeyResolver, ServerOptions } from '@supabase/lite' with { 'resolution-mode': 'import' };

export type Middleware = NonNullable<ServerOptions['middlewares']>[number];
export type Context = Parameters<Middleware>[0];
/** Key of a request → its role; null for an unknown key. */
export type ResolveKey = ApiKeyResolver;

/** Hands the rest of the chain another request (a Request cannot be changed, and Hono caches what it has read of the old one). */
export function replaceRequest(context: Context, init: RequestInit & { duplex?: 'half' }): void {
  context.req.raw = new Request(context.req.raw.url, { method: context.req.method, headers: context.req.raw.headers, ...init });
  context.req.bodyCache = {};
}

/** Answers with this instead of what the chain has produced; without clearing it first Hono would merge the headers. */
export function replaceResponse(context: Context, response: Response): void {
  context.res = undefined;
  context.res = response;
}
