/** Which functions of the database answer one value or nothing, and what arguments they take. */
import type { Sql } from 'postgres';

const ONE_VALUE = new Set(['jsonb', 'bigint', 'integer', 'boolean', 'text', 'uuid']);
const JSON_TYPES = new Set(['json', 'jsonb']);

interface Signature {
  /** type of each argument by name */
  types: Map<string, string>;
  answers: 'value' | 'nothing';
}

interface ProcedureRow {
  names: string[] | null;
  types: string[];
  result: string;
  is_plain: boolean;
}

/** A call as one statement: its text depends on the function and the names of the arguments only, so that PostgreSQL keeps its plan. */
export interface Statement {
  text: string;
  values: (string | null)[];
  answers: Signature['answers'];
}

/** @returns null when lite is to call the function */
export type PrepareCall = (name: string, given: Readonly<Record<string, unknown>>) => Promise<Statement | null>;

/** @param schemaVersion number of the schema in force: another one may have other functions */
export function createSignatures(sql: Sql, schemaVersion: () => number): PrepareCall {
  const signatures = new Map<string, Promise<Signature | null>>();
  let known = schemaVersion();

  function signatureOf(name: string): Promise<Signature | null> {
    if (known !== schemaVersion()) signatures.clear();
    known = schemaVersion();
    const found = signatures.get(name) ?? look(sql, name);
    signatures.set(name, found);
    found.catch(() => signatures.delete(name));
    return found;
  }

  return async (name, given) => {
    const signature = await signatureOf(name);
    if (!signature) return null;
    const values: (string | null)[] = [];
    const places: string[] = [];
    for (const [argument, value] of Object.entries(given)) {
      const type = signature.types.get(argument);
      const text = type === undefined ? undefined : textOf(value, type);
      if (text === undefined) return null;
      values.push(text);
      places.push(`"${argument}" => $${values.length}::text::${type}`);
    }
    const call = `public."${name}"(${places.join(', ')})`;
    const answer = signature.answers === 'value' ? `to_jsonb(${call})` : call;
    return { text: `/* schema ${known} */ select ${answer}::text as answer`, values, answers: signature.answers };
  };
}

/** @returns null when there is none, or several of the name, or one that answers rows, or takes more than plain arguments */
async function look(sql: Sql, name: string): Promise<Signature | null> {
  const rows = await sql<ProcedureRow[]>`
    select proargnames as names,
      coalesce(array(select format_type(type, null) from unnest(proargtypes) with ordinality a(type, n) order by n), '{}') as types,
      format_type(prorettype, null) as result,
      prokind = 'f' and not proretset and proargmodes is null and provariadic = 0 as is_plain
    from pg_catalog.pg_proc where pronamespace = 'public'::regnamespace and proname = ${name}`;
  const [only] = rows;
  if (!only?.is_plain || rows.length > 1) return null;
  const answers = only.result === 'void' ? 'nothing' : 'value';
  if (answers === 'value' && !ONE_VALUE.has(only.result)) return null;
  return { types: new Map(only.types.map((type, k) => [only.names?.[k] ?? '', type])), answers };
}

/** A value as text that PostgreSQL casts to the type of its argument; undefined = only lite knows how. */
function textOf(value: unknown, type: string): string | null | undefined {
  if (value === null) return null;
  if (JSON_TYPES.has(type)) return JSON.stringify(value);
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
