import { requestedRange } from '../storage/fileStorage';
import { replaceResponse } from '../lite';
import type { Middleware } from '../lite';

const attachment = (name: string) => `attachment${name ? `; filename*=UTF-8''${encodeURIComponent(name)}` : ''}`;

/** Range requests and `?download=` on objects, and 400 instead of 500 for a signed address that has expired or was changed. */
export const downloads: Middleware = async (context, next) => {
  const { method, path } = context.req;
  if (method !== 'GET' || !path.startsWith('/storage/v1/object/')) return next();
  await requestedRange.run(context.req.header('range'), next);
  if (context.res.status === 500 && path.startsWith('/storage/v1/object/sign/')) {
    replaceResponse(context, Response.json({ statusCode: '400', error: 'InvalidJWT', message: 'jwt expired or invalid' }, { status: 400 }));
    return;
  }
  if (!context.res.ok) return;
  const download = context.req.query('download');
  const partial = context.res.headers.has('Content-Range');
  if (!partial && download === undefined) return;
  const headers = new Headers(context.res.headers);
  if (download !== undefined) headers.set('Content-Disposition', attachment(download));
  replaceResponse(context, new Response(context.res.body, { status: partial ? 206 : context.res.status, headers }));
};
