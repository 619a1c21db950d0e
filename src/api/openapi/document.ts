import { VERSION } from '../http/version';
import type { ApiRouter } from '../types';
import { HEADERS } from './headers';
import type { JsonSchema } from './jsonSchema';
import { Schemas } from './jsonSchema';
import { operation } from './operation';
import { registeredRoutes } from './registered';
import { RESOURCES } from './resources';

export interface Described {
  /** OpenAPI 3.1 */
  document: JsonSchema;
  /** routes left out, and why; the committed document is only right while there are none */
  drift: string[];
}

/**
 * Describes the registered routes.
 * @param open routes that need no token
 * @param api  routes behind authentication
 */
export function describeRoutes(open: ApiRouter, api: ApiRouter): Described {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const routes = [open, api].flatMap((router) => registeredRoutes(router).map((route) => ({ route, isOpen: router === open })));
  const known = new Set(routes.map(({ route }) => route.key));
  const described = RESOURCES.flatMap((resource) => Object.keys(resource.routes));
  const drift = described.filter((key) => !known.has(key)).map((key) => `${key} is described but not registered`);

  for (const { route, isOpen } of routes) {
    const resource = RESOURCES.find((one) => route.key in one.routes);
    const about = resource?.routes[route.key];
    if (!resource || !about) {
      drift.push(`${route.key} is registered but not described`);
      continue;
    }
    try {
      (paths[route.template] ??= {})[route.method.toLowerCase()] = { tags: [resource.tag], ...operation(route, about, isOpen, schemas) };
    } catch (error) {
      drift.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { document: documentOf(paths, schemas), drift };
}

function documentOf(paths: JsonSchema, schemas: Schemas): JsonSchema {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Lastgang',
      version: VERSION,
      description:
        'Turns measured time series into trained forecasting models. Unknown keys are ignored, numbers and flags may be sent as text, times are UTC, ' +
        'undefined numbers are `null`. Every refusal has the same envelope and a stable `code`.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: RESOURCES.map(({ tag: name, description }) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Access token of a Supabase session.' },
      },
      headers: HEADERS,
      responses: schemas.responses,
      schemas: Object.fromEntries(Object.entries(schemas.components).sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}
