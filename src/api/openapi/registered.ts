import type { ApiRouter } from '../types';
import { declarationOf } from '../middleware';
import type { Declaration } from '../middleware';

export interface RegisteredRoute {
  /** `GET /api/training/status/:session_id`, as ctx.state.route */
  key: string;
  method: string;
  /** with `:name` parameters */
  path: string;
  /** in the order of the guards */
  declarations: Declaration[];
}

/** The routes of a router as they are registered, each method once (HEAD goes with GET). */
export const registeredRoutes = (router: ApiRouter): RegisteredRoute[] =>
  router.stack.flatMap(({ methods, path, stack }) =>
    methods
      .filter((method) => method !== 'HEAD')
      .map((method) => ({
        key: `${method} ${String(path)}`,
        method,
        path: String(path),
        declarations: stack.map(declarationOf).filter((declaration) => declaration !== undefined),
      })),
  );
