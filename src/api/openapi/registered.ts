import type { ApiRouter } from '../types';
import { declarationOf } from '../middleware';
import type { Declaration } from '../middleware';

export interface RegisteredRoute {
  /** `GET /api/training/status/:session_id`, as ctx.state.route */
  key: string;
  method: string;
  /** with `:name` parameters */
  path: string;
  /** the same with `{name}`; OpenAPI forbids two that differ in a name only: of such the parameter is called `id` */
  template: string;
  /** in the order of the guards */
  declarations: Declaration[];
}

const PARAMETER = /:(\w+)/g;

/** The routes of a router as they are registered, each method once (HEAD goes with GET). */
export function registeredRoutes(router: ApiRouter): RegisteredRoute[] {
  const paths = new Set(router.stack.map(({ path }) => String(path)));
  const shape = (path: string): string => path.replace(PARAMETER, '{id}');
  const isAmbiguous = (path: string): boolean => [...paths].some((other) => other !== path && shape(other) === shape(path));
  return router.stack.flatMap(({ methods, path: registered, stack }) => {
    const path = String(registered);
    return methods
      .filter((method) => method !== 'HEAD')
      .map((method) => ({
        key: `${method} ${path}`,
        method,
        path,
        template: isAmbiguous(path) ? shape(path) : path.replace(PARAMETER, '{$1}'),
        declarations: stack.map(declarationOf).filter((declaration) => declaration !== undefined),
      }));
  });
}
