import Koa from 'koa';
import helmet from 'koa-helmet';
import { TokenBuckets } from './limits';
import type { RateLimiter } from './limits';
import { accessLog } from './middleware/accessLog';
import { authenticate } from './middleware/authenticate';
import { cors } from './middleware/cors';
import { findRoute } from './middleware/findRoute';
import { rateLimit } from './middleware/rateLimit';
import { recentReads } from './middleware/recentReads';
import { renderErrors, renderStreamErrors } from './middleware/renderErrors';
import { requestId } from './middleware/requestId';
import { createRoutes } from './routes';
import { docsPage } from './routes/docsPage';
import type { Services, State } from './types';

const NOTHING_RUNS = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } };

/**
 * The HTTP edge without its server. The chain below holds gates 1 to 4 of http-api A.2; gates 5 to 10 stand in each route, in order.
 * @param limiter limits per process unless one is given whose buckets are shared
 * @throws Error when CORS_ORIGINS or TRUSTED_PROXIES cannot be used
 */
export function createApp(services: Services, limiter: RateLimiter = new TokenBuckets()): Koa<State> {
  const { config, log } = services;
  const app = new Koa<State>();
  const { open, api } = createRoutes(services);
  const page = docsPage();

  renderStreamErrors(app);
  app.use(requestId(log));
  app.use(accessLog());
  // the API answers JSON and downloads: nothing in them is to be run, and other origins of the CORS list read both
  app.use(helmet({ contentSecurityPolicy: NOTHING_RUNS, crossOriginResourcePolicy: { policy: 'cross-origin' } }));
  app.use(cors(config));
  app.use(renderErrors());
  app.use(findRoute([open, page, api]));
  app.use(open.routes());
  app.use(page.routes());
  app.use(authenticate(services, limiter));
  app.use(rateLimit(config, limiter));
  app.use(recentReads());
  app.use(api.routes());
  return app;
}
