import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

const DEFINITIONS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Schemas and answers of the document; schemas with an `id` are kept once, under their name. */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {};
  readonly responses: Record<string, JsonSchema> = {};

  private readonly converted = { input: new Map<z.ZodType, JsonSchema>(), output: new Map<z.ZodType, JsonSchema>() };

  /** what a client may send */
  input(schema: z.ZodType): JsonSchema {
    return this.cached(schema, 'input');
  }

  /** what a client receives, or, of a query value, what is accepted */
  output(schema: z.ZodType): JsonSchema {
    return this.cached(schema, 'output');
  }

  /** A schema written by hand; with an `id` it becomes a component too. */
  plain({ id, ...schema }: JsonSchema): JsonSchema {
    if (typeof id !== 'string') return schema;
    this.components[id] = schema;
    return { $ref: COMPONENTS + id };
  }

  /** Most routes refuse alike: the first answer of a name is kept under it, and those that equal it refer to it. */
  shared(name: string, response: JsonSchema): JsonSchema {
    const kept = (this.responses[name] ??= response);
    return JSON.stringify(kept) === JSON.stringify(response) ? { $ref: `#/components/responses/${name}` } : response;
  }

  private cached(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const known = this.converted[io].get(schema) ?? this.convert(schema, io);
    this.converted[io].set(schema, known);
    return known;
  }

  private convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', override: readable }));
    const { $schema: _, $defs = {}, ...rest } = JSON.parse(text.replaceAll(DEFINITIONS, COMPONENTS)) as Record<string, unknown>;
    Object.assign(this.components, Object.fromEntries(Object.entries($defs as Record<string, Record<string, unknown>>).map(withoutId)));
    return rest;
  }
}

const withoutId = ([name, { id: _, ...schema }]: [string, Record<string, unknown>]): [string, JsonSchema] => [name, schema];

/** Leaves out what only says what the format or the type says already. */
function readable({ jsonSchema: schema }: { jsonSchema: Record<string, unknown> }): void {
  if (schema['format'] !== undefined) delete schema['pattern'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  delete schema['propertyNames'];
}
