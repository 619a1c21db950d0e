/** What a run shows of the API, one line an answer: scripts/lib/coverage.mjs makes test/acceptance/COVERAGE.md of it. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { operationOf } from './openApi';

/** One answer, or a request sent again. */
export interface Shown {
  operation: string;
  /** status, and code of a refusal; absent on the mark of a repetition */
  status?: number;
  code?: string;
  /** how the session or file was named */
  by?: 'uuid' | 'string';
  /** an equal request had been answered before, and this one changed nothing */
  repeated?: true;
  test: string;
}

const file = process.env['LASTGANG_SHOWN'];
const root = path.resolve(__dirname, '../..');

function write(line: Omit<Shown, 'test'>): void {
  const { currentTestName, testPath } = expect.getState();
  // what prepares a file's tests shows nothing: nobody looks at its answers
  if (file === undefined || testPath === undefined || currentTestName === undefined) return;
  appendFileSync(file, `${JSON.stringify({ ...line, test: path.relative(root, testPath) })}\n`);
}

/** Notes an answer when LASTGANG_SHOWN names a file. */
export function recordAnswer(
  method: string,
  pathname: string,
  sent: string | FormData | Buffer | undefined,
  status: number,
  body: unknown,
): void {
  if (file === undefined) return;
  const operation = operationOf(method === 'HEAD' ? 'GET' : method, pathname);
  if (!operation) return;
  const { code } = (body ?? {}) as { code?: unknown };
  const reference = operation.pattern.exec(pathname)?.[1] ?? referenceIn(sent);
  write({
    operation: operation.key,
    status,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof reference === 'string' ? { by: reference.startsWith('session_') ? 'string' : 'uuid' } : {}),
  });
}

function referenceIn(sent: string | FormData | Buffer | undefined): unknown {
  const text = sent instanceof FormData ? (sent.get('metadata') ?? JSON.stringify({ sessionId: sent.get('sessionId') })) : sent;
  if (typeof text !== 'string') return undefined;
  try {
    const { sessionId, session_id } = JSON.parse(text) as Record<string, unknown>;
    return sessionId ?? session_id;
  } catch {
    return undefined; // a body that is broken on purpose
  }
}

/**
 * Marks a route whose test has sent the same request twice and looked at both answers and at what is stored.
 * @param operation as in docs/openapi.json, below the prefix, e.g. `POST /init-session`
 */
export function repeats(operation: string): void {
  write({ operation, repeated: true });
}
