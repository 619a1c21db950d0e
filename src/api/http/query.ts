import { z } from 'zod';

/** A query value that stands once; of a repeated one the last counts. */
export const queryText = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (Array.isArray(value) ? value.at(-1) : value));
