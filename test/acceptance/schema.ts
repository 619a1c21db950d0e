/** Tables and functions of the database by name, read from the migrations so that none can be forgotten. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(__dirname, '../../supabase/migrations');
const text = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'))
  .join('\n');

export const tables: readonly string[] = [...text.matchAll(/create (?:unlogged )?table public\.(\w+)/g)].map(([, name = '']) => name);

export interface DatabaseFunction {
  name: string;
  parameters: { name: string; type: string }[];
}

/** Functions a client could name; triggers cannot be called. */
export const functions: readonly DatabaseFunction[] = [
  ...new Map(
    [...text.matchAll(/create (?:or replace )?function public\.(\w+)\s*\(([^)]*)\)\s*returns (\w+)/g)]
      .filter(([, , , returns]) => returns !== 'trigger')
      .map(([, name = '', list = '']) => [name, { name, parameters: parametersOf(list) }]),
  ).values(),
];

function parametersOf(list: string): DatabaseFunction['parameters'] {
  return [...list.matchAll(/(p_\w+)\s+([\w.[\]]+)/g)].map(([, name = '', type = '']) => ({ name, type }));
}
