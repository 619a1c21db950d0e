import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ErrorCode } from '../errors';
import { refusals } from './errors';
import { headers } from './headers';
import type { JsonSchema, Schemas } from './jsonSchema';
import type { RegisteredRoute } from './registered';
import type { Description, Download } from './types';

/** What the HTTP parser and any unexpected fault answer, on every route. */
const ANYWHERE: readonly ErrorCode[] = ['BAD_REQUEST', 'HEADERS_TOO_LARGE', 'INTERNAL_ERROR'];
/** Gates 2 to 4, and the parts behind the API. */
const BEHIND_TOKEN: readonly ErrorCode[] = [
  ...(['MISSING_AUTHORIZATION', 'INVALID_TOKEN', 'EXPIRED_TOKEN', 'AUTH_MISCONFIGURED', 'AUTH_UNAVAILABLE', 'RATE_LIMITED'] as const),
  ...(['DATABASE_UNAVAILABLE', 'STORAGE_UNAVAILABLE', 'WORKFLOW_UNAVAILABLE'] as const),
];

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const SESSION_KEY: JsonSchema = {
  id: 'SessionKey',
  type: 'string',
  maxLength: 128,
  pattern: `^(${UUID}|session_${UUID}|session_[0-9]+_[A-Za-z0-9]+)$`,
  description: 'A UUID, `session_<digits>_<letters and digits>` or `session_<uuid>`.',
};
const PATH_PARAMETERS: Record<string, JsonSchema> = {
  session_id: SESSION_KEY,
  file_id: { type: 'string', pattern: `^${UUID}$`, description: 'UUID of the file.' },
};

/** An Operation Object (OpenAPI 3.1, 4.8.10). @throws Error when the description does not fit what is registered */
export function operation(route: RegisteredRoute, about: Description, open: boolean, schemas: Schemas): JsonSchema {
  const { declarations } = route;
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const codes = [
    ...ANYWHERE,
    ...(open ? [] : BEHIND_TOKEN),
    ...(names.length > 0 ? (['NOT_FOUND'] as const) : []),
    ...declarations.flatMap(({ refuses }) => refuses),
    ...(about.refuses ?? []),
  ];
  const parameters = [...names.map((name) => pathParameter(route, name, schemas)), ...queryParameters(route, about, schemas)];
  const body = requestBody(route, about, schemas);
  return {
    operationId: operationId(route),
    summary: about.summary,
    ...(about.description === undefined ? {} : { description: about.description }),
    ...(open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === null ? {} : { requestBody: body }),
    responses: { ...successes(about, schemas), ...refusals(codes, about.legacy ?? {}, schemas) },
  };
}

/** `POST /api/training/session/:session_id/delete` → `postSessionDelete` */
function operationId({ method, path }: RegisteredRoute): string {
  const words = path
    .replace(/^\/api\/training/, '')
    .replace(/:\w+/g, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

function pathParameter({ key, template }: RegisteredRoute, name: string, schemas: Schemas): JsonSchema {
  const schema = PATH_PARAMETERS[name];
  if (!schema) throw new Error(`${key} has an undescribed parameter ${name}`);
  return { name: template.includes(`{${name}}`) ? name : 'id', in: 'path', required: true, schema: schemas.plain(schema) };
}

function queryParameters({ key, declarations }: RegisteredRoute, about: Description, schemas: Schemas): JsonSchema[] {
  const query = declarations.map(({ request }) => request?.query).find((schema) => schema !== undefined);
  const { properties = {} } = (query ? schemas.output(query) : {}) as { properties?: Record<string, JsonSchema> };
  const described = Object.keys(about.query ?? {});
  if (Object.keys(properties).sort().join() !== described.sort().join()) throw new Error(`${key} reads other query values than described`);
  return Object.entries(about.query ?? {}).map(([name, { description, schema }]) => {
    const own = properties[name] ?? {};
    return { name, in: 'query', description, schema: schema ?? (Object.keys(own).length > 0 ? own : { type: 'string' }) };
  });
}

function requestBody({ key, path, declarations }: RegisteredRoute, about: Description, schemas: Schemas): JsonSchema | null {
  if (declarations.some(({ form }) => form)) {
    if (!about.form) throw new Error(`the form of ${key} is not described`);
    return { required: true, content: { 'multipart/form-data': { schema: about.form } } };
  }
  const request = declarations.map((declaration) => declaration.request).find((one) => one?.body !== undefined);
  if (!request?.body) return null;
  const body = {
    ...(about.body ? schemas.plain(about.body) : schemas.input(request.body)),
    ...(about.needs ? { required: about.needs } : {}),
  };
  const sessionInBody = about.sessionInBody ?? (declarations.some(({ session }) => session) && !path.includes(':session_id'));
  return {
    required: request.bodyOptional !== true,
    content: {
      'application/json': { schema: sessionInBody ? withSessionKey(body, schemas) : body },
      ...(about.form ? { 'multipart/form-data': { schema: about.form } } : {}),
    },
  };
}

/** Either spelling will do (http-api A.1). */
const withSessionKey = ({ properties, ...body }: JsonSchema, schemas: Schemas): JsonSchema => ({
  ...body,
  properties: { sessionId: schemas.plain(SESSION_KEY), session_id: schemas.plain(SESSION_KEY), ...(properties as JsonSchema) },
  anyOf: [{ required: ['sessionId'] }, { required: ['session_id'] }],
});

const success = (status: number, schema: JsonSchema): JsonSchema => ({
  description: STATUS_CODES[status],
  headers: headers(['X-Request-Id']),
  content: { 'application/json': { schema } },
});

function successes({ answers = {}, download }: Description, schemas: Schemas): Record<string, JsonSchema> {
  return {
    ...Object.fromEntries(Object.entries(answers).map(([status, schema]) => [status, success(Number(status), schemas.output(schema))])),
    ...(download ? file(download, schemas) : {}),
  };
}

function file({ contentType, description, ranges }: Download, schemas: Schemas): Record<string, JsonSchema> {
  const content = { [contentType]: { schema: { type: 'string', format: 'binary' } } };
  const whole = headers(['X-Request-Id', 'Content-Disposition', ...(ranges ? (['ETag', 'Accept-Ranges'] as const) : [])]);
  if (!ranges) return { '200': { description, headers: whole, content } };
  const tooFar = schemas.output(z.object({ success: z.literal(false), code: z.literal('BAD_REQUEST'), error: z.string() }));
  return {
    '200': { description, headers: whole, content },
    '206': { description: 'The part asked for by `Range`', headers: { ...whole, ...headers(['Content-Range']) }, content },
    '304': { description: 'The caller holds this version (`If-None-Match`)', headers: headers(['X-Request-Id', 'ETag']) },
    '416': {
      description: 'The range lies outside the file',
      headers: headers(['X-Request-Id', 'Content-Range']),
      content: { 'application/json': { schema: tooFar } },
    },
  };
}
