import { endpoints } from './endpoints';

/** Answer of the HTTP API: its JSON body (or null when it has none) beside status and headers. */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
  bytes: Buffer;
}

interface Options {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const PREFIX = '/api/training';
const TIMEOUT_MS = 60_000;

async function request<Body>(method: string, path: string, token: string | undefined, content: unknown, { headers = {}, signal }: Options): Promise<Answer<Body>> {
  // `/health` and `/ready` lie at the root, everything else below the prefix
  const url = new URL(/^\/(health|ready|api)\b/.test(path) ? path : `${PREFIX}${path}`, endpoints().api);
  const isForm = content instanceof FormData;
  const answer = await fetch(url, {
    method,
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...(content === undefined || isForm ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(content === undefined ? {} : { body: isForm || typeof content === 'string' ? content : JSON.stringify(content) }),
    signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, bytes, body: (isJson ? JSON.parse(bytes.toString('utf8')) : null) as Body };
}

/** HTTP client of one caller: paths below /api/training; objects are sent as JSON, strings as they are, FormData as multipart. Never throws for a status. */
export const api = (token?: string) => ({
  get: <Body = Record<string, unknown>>(path: string, options: Options = {}) => request<Body>('GET', path, token, undefined, options),
  post: <Body = Record<string, unknown>>(path: string, content?: unknown, options: Options = {}) => request<Body>('POST', path, token, content, options),
  put: <Body = Record<string, unknown>>(path: string, content?: unknown, options: Options = {}) => request<Body>('PUT', path, token, content, options),
  delete: <Body = Record<string, unknown>>(path: string, content?: unknown, options: Options = {}) => request<Body>('DELETE', path, token, content, options),
});

export type Api = ReturnType<typeof api>;
