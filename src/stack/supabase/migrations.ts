/** Applies supabase/migrations the way the Supabase CLI does: by version, each file in one transaction, recorded in the same table. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Sql } from 'postgres';

const FILE = /^(\d+)_(.+)\.sql$/;
const LOCK = 727_283_561; // any number that is ours: two servers on one database migrate one after the other

/**
 * @returns names of the files applied now
 * @throws Error naming the file whose SQL failed; nothing of that file stays
 */
export async function migrate(sql: Sql, folder: string): Promise<string[]> {
  const applied: string[] = [];
  for (const file of readdirSync(folder)
    .filter((name) => FILE.test(name))
    .sort()) {
    const [, version = '', name = ''] = FILE.exec(file) ?? [];
    const text = readFileSync(path.join(folder, file), 'utf8');
    try {
      const done = await sql.begin(async (transaction) => {
        await transaction`select pg_advisory_xact_lock(${LOCK})`;
        const [known] = await transaction`select 1 from supabase_migrations.schema_migrations where version = ${version}`;
        if (known) return true;
        await transaction.unsafe(text).simple();
        await transaction`insert into supabase_migrations.schema_migrations (version, name) values (${version}, ${name})`;
        return false;
      });
      if (!done) applied.push(file);
    } catch (error) {
      throw new Error(`Migration ${file} failed: ${describe(error)}. Correct the file and start again.`, { cause: error });
    }
  }
  return applied;
}

/** Runs a file as a whole, at every start. */
export async function runFile(sql: Sql, file: string): Promise<void> {
  try {
    await sql.begin((transaction) => transaction.unsafe(readFileSync(file, 'utf8')).simple());
  } catch (error) {
    throw new Error(`${path.basename(file)} failed: ${describe(error)}. Correct the file and start again.`, { cause: error });
  }
}

function describe(error: unknown): string {
  const { message, position } = error as { message?: string; position?: string };
  return `${message ?? String(error)}${position ? ` (at character ${position})` : ''}`;
}
