import { deviation } from './conformance';
import { target } from './endpoints';
import { recordAnswer } from './record';

/** Answer of the HTTP API: its JSON body (or null when it has none) beside status, headers and raw bytes. */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
  bytes: Buffer;
}

interface Content {
  body?: string | FormData | Buffer;
  headers?: Record<string, string>;
}

const PREFIX = '/api/training';
const TIMEOUT_MS = 330_000; // longer than the longest wait of the API (DATASET_WAIT_SECONDS)

async function request<Body>(
  method: string,
  path: string,
  token: string | undefined,
  { body, headers = {} }: Content,
): Promise<Answer<Body>> {
  // `/health` and `/ready` lie at the root, everything else below the prefix
  const url = new URL(/^\/(health|ready|openapi|api)\b/.test(path) ? path : `${PREFIX}${path}`, target().api);
  const answer = await fetch(url, {
    method,
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: body instanceof Buffer ? new Uint8Array(body) : body }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  const received = (isJson ? JSON.parse(bytes.toString('utf8')) : null) as Body;
  const wrong = deviation(method, url.pathname, { status: answer.status, contentType: answer.headers.get('content-type'), body: received });
  if (wrong !== null) throw new Error(wrong);
  recordAnswer(method, url.pathname, body, answer.status, received);
  return { status: answer.status, headers: answer.headers, bytes, body: received };
}

const json = (content: unknown): Content =>
  content === undefined ? {} : { body: JSON.stringify(content), headers: { 'Content-Type': 'application/json' } };

/** HTTP client of one caller, with paths below /api/training. No status is an error, the caller looks at it; what docs/openapi.json does not say is one. */
export const api = (token?: string) => ({
  get: <Body = Record<string, unknown>>(path: string) => request<Body>('GET', path, token, {}),
  post: <Body = Record<string, unknown>>(path: string, content?: unknown) => request<Body>('POST', path, token, json(content)),
  put: <Body = Record<string, unknown>>(path: string, content?: unknown) => request<Body>('PUT', path, token, json(content)),
  delete: <Body = Record<string, unknown>>(path: string, content?: unknown) => request<Body>('DELETE', path, token, json(content)),
  form: <Body = Record<string, unknown>>(path: string, form: FormData) => request<Body>('POST', path, token, { body: form }),
  /** anything else: a body and headers as they are */
  raw: <Body = Record<string, unknown>>(method: string, path: string, content: Content = {}) => request<Body>(method, path, token, content),
});

export type Api = ReturnType<typeof api>;
