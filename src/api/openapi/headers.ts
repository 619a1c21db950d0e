import type { JsonSchema } from './jsonSchema';

/** Headers of answers, described once. */
export const HEADERS = {
  'X-Request-Id': {
    description: "The caller's id if it has the accepted form, else a new one; it is in every log line.",
    schema: { type: 'string' },
  },
  'WWW-Authenticate': { description: 'Always `Bearer`.', schema: { const: 'Bearer' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'string', pattern: '^[0-9]+$' } },
  ETag: { description: 'Strong validator of the content.', schema: { type: 'string' } },
  'Content-Disposition': { description: '`attachment` with the stored name (RFC 5987).', schema: { type: 'string' } },
  'Accept-Ranges': { description: 'Byte ranges are honoured.', schema: { const: 'bytes' } },
  'Content-Range': { description: 'The part that is sent, or the length when none is (RFC 9110).', schema: { type: 'string' } },
} as const satisfies Record<string, JsonSchema>;

export const headers = (names: readonly (keyof typeof HEADERS)[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
