/** Entry of the process that serves the Supabase-compatible API. Ends by itself when its database is lost; the launcher starts it anew. */
import { supabaseSettings } from './settings';
import { startSupabase } from './server';

async function main(): Promise<void> {
  const server = await startSupabase(supabaseSettings(process.env), () => {
    console.error('The database connection was lost.');
    process.exit(1);
  });
  console.log(server.migrations.length > 0 ? `Migrations applied: ${server.migrations.join(', ')}` : 'No new migrations.');
  const stop = () => {
    server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
