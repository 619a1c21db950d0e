import type { ErrorCode } from '../errors';
import type { Guard } from '../types';
import type { RequestSchema } from './validate';

/** What a guard demands of a request and how it refuses. The OpenAPI document reads it from the registered routes, so the two cannot differ. */
export interface Declaration {
  refuses: readonly ErrorCode[];
  /** schemas of query and JSON body */
  request?: RequestSchema;
  /** the body is a form, read by the route itself */
  form?: true;
  /** a session is named, in the path or else in the body */
  session?: true;
}

const declarations = new WeakMap<object, Declaration>();

/** @returns the guard itself */
export function declared(declaration: Declaration, guard: Guard): Guard {
  declarations.set(guard, declaration);
  return guard;
}

/** undefined for a middleware that declares nothing: the handler at the end of a route */
export const declarationOf = (middleware: object): Declaration | undefined => declarations.get(middleware);
