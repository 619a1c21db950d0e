import type { z } from 'zod';
import type { ErrorCode } from '../errors';
import type { JsonSchema } from './jsonSchema';

/**
 * What the registered route and its guards do not say by themselves. Method, path, parameters, request body, guards and the guards' refusals
 * are read from the router; a route without a description and a description without a route are found by a test (`drift` of document.ts).
 */
export interface Description {
  summary: string;
  /** Markdown */
  description?: string;
  /** JSON bodies of success, by status */
  answers?: Readonly<Record<number, z.ZodType>>;
  /** a success whose body is a file */
  download?: Download;
  /** codes the handler throws besides those of its guards */
  refuses?: readonly ErrorCode[];
  /** keys that old clients find in error bodies (http/legacyKeys.ts) */
  legacy?: z.ZodRawShape;
  /** one sentence per query value; its JSON Schema where the route's schema does not give one (text otherwise) */
  query?: Readonly<Record<string, { description: string; schema?: JsonSchema }>>;
  /** the handler itself reads the session key of the body */
  sessionInBody?: true;
  /** shape of a JSON body whose schema reads drafts by itself */
  body?: JsonSchema;
  /** fields of the body that the route refuses to miss, where the schema leaves that to a sentence of its own */
  needs?: readonly string[];
  /** the parts of a multipart form */
  form?: JsonSchema;
}

export interface Download {
  contentType: string;
  description: string;
  /** conditional requests and byte ranges: 206, 304 and 416 */
  ranges?: true;
}

/** Descriptions of one resource, keyed by method and path as they are registered: `GET /api/training/status/:session_id`. */
export interface Resource {
  tag: string;
  description: string;
  routes: Readonly<Record<string, Description>>;
}
