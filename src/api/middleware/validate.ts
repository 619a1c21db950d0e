import type { z } from 'zod';
import type { Config } from '../../config';
import type { ErrorCode, ErrorDetail } from '../errors';
import { ApiError, isErrorCode } from '../errors';
import type { JsonBody } from '../http/body';
import { readJsonObject } from '../http/body';
import type { Context, Guard } from '../types';
import { declared } from './declared';

// save-evaluation-tables, scale-data and predict (http-api A.8)
const LARGE_JSON_BYTES = 20 * 1024 ** 2;

/** What a route takes. Unknown keys are dropped by the schemas; the session key of a body is read by ownSession(). */
export interface RequestSchema<B = unknown, Q = unknown> {
  /** without it no body is read */
  body?: z.ZodType<B>;
  query?: z.ZodType<Q>;
  /** an absent body counts as {} */
  bodyOptional?: boolean;
  /** up to 20 MiB instead of MAX_JSON_BYTES */
  large?: boolean;
  /** http code for what is wrong at or below a field of the body, e.g. { timeInfo: 'INVALID_TIME_INFO' }; default BAD_REQUEST */
  codes?: Readonly<Record<string, ErrorCode>>;
}

/** Names the types of a schema once; the object is the key under which `input` gives the parsed values back. */
export const requestSchema = <B = undefined, Q = undefined>(schema: RequestSchema<B, Q>): RequestSchema<B, Q> => schema;

interface Parsed<B, Q> {
  schema: RequestSchema<B, Q>;
  body: B;
  query: Q;
  /** the JSON object as sent, keys in NFC; {} without a body */
  raw: JsonBody;
}

/** Gates 6 and 7: declared size and type (413, 415), then the syntax of query and body (400), all findings together. */
export function validate<B, Q>(schema: RequestSchema<B, Q>, config: Config): Guard {
  return declared({ refuses: refusalsOf(schema), request: schema }, async (ctx, next) => {
    const raw = schema.body ? await readBody(ctx, schema, config) : {};
    const query = schema.query ? parse(schema.query, ctx.query, {}) : undefined;
    const body = schema.body ? parse(schema.body, raw, schema.codes ?? {}) : undefined;
    ctx.state.input = { schema, body, query, raw };
    await next();
  });
}

function refusalsOf({ body, codes = {} }: RequestSchema): ErrorCode[] {
  if (!body) return ['BAD_REQUEST'];
  const ofBody: ErrorCode[] = ['MALFORMED_JSON', 'MISSING_BODY', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
  return ['BAD_REQUEST', ...ofBody, ...Object.values(codes)];
}

/** The values validate(schema) has put into the state of this request. */
export function input<B, Q>(ctx: Context, schema: RequestSchema<B, Q>): Parsed<B, Q> {
  const parsed = ctx.state.input as Parsed<B, Q> | undefined;
  if (parsed?.schema !== schema) throw new Error(`${ctx.state.route}: read with another schema than it was validated with`);
  return parsed;
}

/** Body of the request whatever its schema; {} where none was read. */
export const rawBody = (ctx: Context): JsonBody => (ctx.state.input as Parsed<unknown, unknown> | undefined)?.raw ?? {};

async function readBody<B, Q>(ctx: Context, schema: RequestSchema<B, Q>, config: Config): Promise<JsonBody> {
  const limit = schema.large ? Math.max(LARGE_JSON_BYTES, config.MAX_JSON_BYTES) : config.MAX_JSON_BYTES;
  const raw = await readJsonObject(ctx, limit);
  if (raw === null && !schema.bodyOptional) throw new ApiError('MISSING_BODY');
  return raw ?? {};
}

/** @throws ApiError of the first issue's code, every issue in `details` */
export function parse<T>(schema: z.ZodType<T>, value: unknown, codes: Readonly<Record<string, ErrorCode>>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const findings = result.error.issues.map((issue) => finding(issue, codes));
  const first = findings[0];
  if (!first) throw new ApiError('BAD_REQUEST');
  throw new ApiError(first.code, {
    error: first.detail.message,
    ...(first.detail.field === undefined ? {} : { field: first.detail.field }),
    details: findings.map(({ detail }) => detail),
  });
}

function finding(issue: z.core.$ZodIssue, codes: Readonly<Record<string, ErrorCode>>): { code: ErrorCode; detail: ErrorDetail } {
  const params = issue.code === 'custom' ? issue.params : undefined;
  const code = isErrorCode(params?.['code']) ? params['code'] : (codes[String(issue.path[0])] ?? 'BAD_REQUEST');
  const field = issue.path.map(String).join('.');
  return { code, detail: { code, message: issue.message, ...(field === '' ? {} : { field }) } };
}
