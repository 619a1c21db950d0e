import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { endpoints, serviceClient, waitFor } from '../../support';

const text = (name: string) => readFileSync(path.join(__dirname, name), 'utf8');

/** Runs statements as the owner of the database. */
export async function execute(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: endpoints().databaseUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Makes the tables of schema.sql before the tests of a file and removes them after. The server learns of them by NOTIFY, as PostgREST does. */
export function withContractSchema(): void {
  beforeAll(async () => {
    await execute(text('drop.sql'), text('schema.sql'), "notify pgrst, 'reload schema'");
    await waitFor(async () => (await serviceClient().from('contract_projects').select('id').limit(1)).error === null);
  });
  afterAll(() => execute(text('drop.sql'), "notify pgrst, 'reload schema'"));
}
