import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';
import { healthRoutes } from './health';

/** Every route under /api/training: one router per resource. */
const RESOURCES: readonly ((services: Services) => ApiRouter)[] = [];

export function apiRoutes(services: Services): ApiRouter {
  const api = createRouter();
  for (const routes of RESOURCES) api.use('/api/training', routes(services).routes());
  return api;
}

/** Routes at the root that need no authentication. */
export const openRoutes = (services: Services): ApiRouter => healthRoutes(services);
