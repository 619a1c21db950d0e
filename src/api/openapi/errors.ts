import { z } from 'zod';
import { sentenceOf, statusOf } from '../errors';
import type { ErrorCode } from '../errors';
import { headers } from './headers';
import type { JsonSchema, Schemas } from './jsonSchema';

/** Detail of a refusal: `code` is a finer code of the checks where there is one. */
const Detail = z
  .looseObject({
    code: z.string(),
    message: z.string(),
    field: z.string().optional(),
    file: z.string().optional(),
    row: z.int().nullable().optional(),
    context: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Detail' });

/** The envelope of every answer with a status of 400 and above (http-api A.4). */
const Refusal = z
  .looseObject({
    success: z.literal(false),
    code: z.string().meta({ description: 'Stable code of the refusal.' }),
    error: z.string().meta({ description: 'One sentence for people.' }),
    field: z.string().optional().meta({ description: 'The offending field of the request.' }),
    suggestion: z.string().optional(),
    message: z.string().nullable().optional(),
    details: z.array(Detail).optional(),
  })
  .meta({ id: 'Error' });

const job = { workflowId: z.string(), status: z.string(), progress: z.number() };
const quota = { message: z.string(), current_usage: z.int(), limit: z.int(), plan: z.string().nullable() };

/** Keys a code brings along, whatever the route. */
const EXTRAS: Partial<Record<ErrorCode, z.ZodRawShape>> = {
  NO_ACTIVE_SUBSCRIPTION: { message: z.string() },
  TRAINING_NOT_AVAILABLE: { message: z.string(), plan: z.string().nullable() },
  PROCESSING_LIMIT_REACHED: quota,
  TRAINING_LIMIT_REACHED: quota,
  RATE_LIMITED: { retry_after: z.int() },
  TRAINING_IN_PROGRESS: job,
  DATASET_IN_PROGRESS: job,
  CHUNK_CONFLICT: { chunkIndex: z.int() },
  UPLOAD_INCOMPLETE: { uploads: z.array(z.looseObject({ fileName: z.string(), missing: z.array(z.int()) })) },
  HASH_MISMATCH: {
    scope: z.enum(['chunk', 'file']),
    chunkIndex: z.int(),
    expected: z.string(),
    actual: z.string(),
    chunkHashes: z.array(z.object({ index: z.int(), sha256: z.string(), size: z.int() })),
  },
  SIZE_MISMATCH: { scope: z.enum(['chunk', 'file']), expected: z.union([z.int(), z.string()]), actual: z.union([z.int(), z.string()]) },
  INCOMPLETE_CONFIG: { missing: z.array(z.string()) },
  INVALID_MODEL_PARAMS: { allowed: z.array(z.string()) },
};

const STATUS_HEADERS: Partial<Record<number, Parameters<typeof headers>[0]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Answers of a route that refuses with these codes: one per status, naming its codes. */
export function refusals(codes: Iterable<ErrorCode>, legacy: z.ZodRawShape, schemas: Schemas): Record<string, JsonSchema> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...new Set(codes)].sort()) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].sort(([one], [other]) => one - other).map(([status, those]) => [String(status), refusal(status, those, legacy, schemas)]),
  );
}

function refusal(status: number, codes: ErrorCode[], legacy: z.ZodRawShape, schemas: Schemas): JsonSchema {
  const extras = Object.assign({}, legacy, ...codes.map((code) => EXTRAS[code] ?? {})) as z.ZodRawShape;
  const { properties } = schemas.output(z.object({ code: z.enum(codes), ...extras }));
  return schemas.shared(`Refused${status}`, {
    description: codes.map((code) => `\`${code}\` ${sentenceOf(code)}`).join('<br>'),
    headers: headers(['X-Request-Id', ...(STATUS_HEADERS[status] ?? [])]),
    content: { 'application/json': { schema: { allOf: [schemas.output(Refusal), { type: 'object', properties }] } } },
  });
}
