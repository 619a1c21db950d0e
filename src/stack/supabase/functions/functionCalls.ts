/**
 * Calls of database functions by the service and by signed-in users, in as few statements as possible over connections of their own. lite
 * takes six waits for PostgreSQL and five times the processor time (docs/performance.md). It is left what it does better: functions that
 * answer rows, arguments that are arrays, other keys and tokens, and saying why PostgreSQL refused something.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import postgres from 'postgres';
import type { SupabaseSettings } from '../settings';
import { respond } from '../requests';
import { createCallers, settingsOf } from './callers';
import type { Caller } from './callers';
import { createSignatures } from './signatures';
import type { Statement } from './signatures';

const CONNECTIONS = 20;
const CONNECT_SECONDS = 10;
/** SQLSTATE of the classes that do not say whether the statement took effect: the connection, and interventions of an operator. */
const UNCERTAIN = /^(08|57)/;

export interface FunctionCalls {
  /** @returns false when lite is to answer; the body, if it was read, then lies in `rawBody`, where Hono's listener takes it from */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

export function createFunctionCalls(settings: SupabaseSettings, schemaVersion: () => number): FunctionCalls {
  const service = 'service_role';
  const sql = postgres(settings.DATABASE_URL, {
    max: CONNECTIONS,
    connect_timeout: CONNECT_SECONDS,
    onnotice: () => undefined,
    connection: { ...settingsOf(service, { role: service }) },
  });
  const callerOf = createCallers(settings);
  const prepare = createSignatures(sql, schemaVersion);

  async function run(caller: Caller, { text: call, values }: Statement): Promise<string | null> {
    // told apart by role: a plan made for one that row level security does not bind must never serve another
    const text = `/* ${caller.kind} */ ${call}`;
    type Answers = { answer: string | null }[];
    if (caller.kind === 'service') return (await sql.unsafe<Answers>(text, values, { prepare: true }))[0]?.answer ?? null;
    const [names, settingValues] = [Object.keys(caller.settings), Object.values(caller.settings)];
    // sent together: the second statement is begun when the first has ended, and neither takes effect if one fails
    const [, rows] = await sql.begin((transaction) => [
      transaction`select set_config(name, value, true) from unnest(${names}::text[], ${settingValues}::text[]) s(name, value)`,
      transaction.unsafe<Answers>(text, values, { prepare: true }),
    ]);
    return rows[0]?.answer ?? null;
  }

  async function call(name: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const caller = await callerOf(request.headers);
    if (!caller) return false;
    const body = await buffer(request);
    Object.assign(request, { rawBody: body });
    const given = objectIn(body);
    const statement = given && (await prepare(name, given));
    if (!statement) return false;
    const answer = await run(caller, statement);
    if (statement.answers === 'nothing') response.writeHead(204).end();
    else respond(response, 200, answer ?? 'null');
    return true;
  }

  return {
    async handle(request, response) {
      const [, name] = /^\/rest\/v1\/rpc\/([a-z_][a-z0-9_]*)$/.exec(request.url ?? '') ?? [];
      if (name === undefined || request.method !== 'POST' || !isPlain(request.headers)) return false;
      try {
        return await call(name, request, response);
      } catch (error) {
        const code = error instanceof postgres.PostgresError ? error.code : null;
        // a statement that was refused had no effect: lite may try it and say why in PostgREST's words
        if (code !== null && !UNCERTAIN.test(code)) return false;
        const unanswered = { code: code ?? '08006', message: 'The database did not answer', details: null, hint: null };
        respond(response, 503, JSON.stringify(unanswered));
        return true;
      }
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

/** Arguments as JSON, the answer as JSON, nothing asked for beyond; a browser's page of another origin needs headers that lite adds. */
function isPlain({ accept = '*/*', prefer, origin, ...headers }: IncomingHttpHeaders): boolean {
  const [schema = 'public', type = ''] = [headers['content-profile'], headers['content-type']];
  const asked = prefer ?? origin;
  return asked === undefined && schema === 'public' && /^application\/json\b/.test(type) && /^(\*\/\*|application\/json)$/.test(accept);
}

function objectIn(body: Buffer): Record<string, unknown> | null {
  try {
    const given: unknown = JSON.parse(body.toString('utf8'));
    return typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
