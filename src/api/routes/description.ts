import { createHash } from 'node:crypto';
import { isKnown } from '../http/objectDownload';
import type { ApiRouter } from '../types';
import { createRouter } from '../types';

/** GET /openapi.json (http-api A.12). @param document asked for once, when it is first wanted */
export function descriptionRoutes(document: () => object): ApiRouter {
  const router = createRouter();
  let served: { text: string; sha256: string } | null = null;

  router.get('/openapi.json', (ctx) => {
    served ??= withHash(JSON.stringify(document()));
    ctx.etag = served.sha256;
    ctx.set('Cache-Control', 'no-cache'); // kept, but asked about: unlike all other JSON it belongs to nobody
    if (isKnown(ctx.get('If-None-Match'), served.sha256)) {
      ctx.status = 304;
      return;
    }
    ctx.type = 'json';
    ctx.body = served.text;
  });

  return router;
}

const withHash = (text: string) => ({ text, sha256: createHash('sha256').update(text).digest('hex') });
