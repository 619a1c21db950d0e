import { readFile } from 'node:fs/promises';
import path from 'node:path';
import helmet from 'koa-helmet';
import { ApiError } from '../errors';
import type { ApiRouter } from '../types';
import { createRouter } from '../types';

const PACKAGE = path.dirname(require.resolve('swagger-ui-dist/package.json'));
const TYPES: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Lastgang API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="document"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#document', deepLinking: true, docExpansion: 'list', validatorUrl: null });\n`;

/** What the page needs and no more: its own files, styles set by scripts, and requests to this API. */
const ownPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** GET /docs: the OpenAPI document as an interactive page, from files of this installation only. */
export function docsPage(): ApiRouter {
  const router = createRouter();

  router.get('/docs', ownPolicy, (ctx) => {
    ctx.type = 'html';
    ctx.body = PAGE;
  });

  router.get('/docs/:file', async (ctx) => {
    const { file = '' } = ctx.params;
    const type = file === 'start.js' ? 'text/javascript' : TYPES[file];
    if (type === undefined) throw new ApiError('NOT_FOUND');
    ctx.type = type;
    ctx.set('Cache-Control', 'public, max-age=3600');
    ctx.body = file === 'start.js' ? START : await readFile(path.join(PACKAGE, file));
  });

  return router;
}
