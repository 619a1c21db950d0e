import { replaceResponse } from '../lite';
import type { Context, Middleware } from '../lite';

const PREFIX = '/storage/v1';
const SIGN = `${PREFIX}/object/sign/`;
const UPLOAD_SIGN = `${PREFIX}/object/upload/sign/`;
const REFUSED = 'Either the object does not exist or you do not have access to it';

type Fetch = (request: Request) => Response | Promise<Response>;

/** Addresses in answers are relative to /storage/v1, which supabase-js puts in front. */
const relative = (url: string) => (url.startsWith(PREFIX) ? url.slice(PREFIX.length) : url);

async function signMany(context: Context, bucket: string, fetch: Fetch) {
  const { expiresIn, paths } = await context.req.json<{ expiresIn: number; paths: string[] }>();
  const signed = [];
  for (const path of paths) {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const answer = await fetch(
      new Request(new URL(`${SIGN}${bucket}/${encoded}`, context.req.url), {
        method: 'POST',
        headers: context.req.raw.headers,
        body: JSON.stringify({ expiresIn }),
      }),
    );
    const { signedURL } = (await answer.json()) as { signedURL?: string };
    signed.push(answer.ok ? { path, signedURL, error: null } : { path, signedURL: null, error: REFUSED });
  }
  return signed;
}

/** supabase-js and lite disagree on the JSON of the signing routes, and lite has none for several objects at once. */
export const signing =
  (fetch: Fetch): Middleware =>
  async (context, next) => {
    const { method, path } = context.req;
    if (method !== 'POST' || !(path.startsWith(SIGN) || path.startsWith(UPLOAD_SIGN))) return next();
    const [, bucket] = /^\/storage\/v1\/object\/sign\/([^/]+)\/?$/.exec(path) ?? [];
    if (bucket !== undefined) return context.json(await signMany(context, bucket, fetch));
    await next();
    if (!context.res.ok) return;
    const { signedUrl, token } = (await context.res.json()) as { signedUrl: string; token?: string };
    replaceResponse(
      context,
      Response.json(path.startsWith(UPLOAD_SIGN) ? { url: relative(signedUrl), token } : { signedURL: relative(signedUrl) }),
    );
  };
