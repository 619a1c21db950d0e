/** What the launcher tells the Supabase-compatible server, by environment. */
import { z } from 'zod';

const schema = z.object({
  SUPABASE_PORT: z.coerce.number().int().positive(),
  DATABASE_URL: z.string().min(1),
  SUPABASE_ANON_KEY: z.string().min(1),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1),
  SUPABASE_JWT_SECRET: z.string().min(32),
  /** folder of the stored objects */
  STORAGE_FOLDER: z.string().min(1),
  MIGRATIONS_FOLDER: z.string().min(1),
  /** SQL for the embedded server only, run at every start */
  EMBEDDED_SQL: z.string().min(1),
});

export type SupabaseSettings = Readonly<z.infer<typeof schema>>;

export const supabaseSettings = (env: NodeJS.ProcessEnv): SupabaseSettings => schema.parse(env);
