import { z } from 'zod';
import { lenientBoolean } from '../http/lenient';
import type { Context } from '../types';
import { input, requestSchema } from './validate';

const force = z
  .unknown()
  .optional()
  .transform((value) => lenientBoolean(value) === true);

/** Request of a deletion: `?force=true` or `{force:true}` ends a running job first (http-api routes 7 and 16). */
export const Forcible = requestSchema({ body: z.object({ force }), query: z.object({ force }), bodyOptional: true });

export function isForced(ctx: Context): boolean {
  const { body, query } = input(ctx, Forcible);
  return body.force || query.force;
}
