/** Configuration from the environment (http-api.md F), validated once at start. A missing value is named, never shown. */
import { z } from 'zod';
import type { DatasetLimits } from './domain/dataset';
import { SVR_MAX_ROWS } from './domain/settings';

const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const whole = (fallback: number) => z.coerce.number().int().nonnegative().default(fallback);
const optional = z.string().min(1).optional();

const shared = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SUPABASE_URL: z.string().url(),
  SUPABASE_ANON_KEY: z.string().min(1),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: optional,
  TEMPORAL_TLS: flag.default(false),
  TEMPORAL_TLS_CERT: optional,
  TEMPORAL_TLS_KEY: optional,
  BUCKET_INPUT: z.string().default('csv-files'),
  BUCKET_OUTPUT: z.string().default('aus-csv-files'),
  BUCKET_RESULTS: z.string().default('training-results'),
  BUCKET_MODELS: z.string().default('models'),
  BUCKET_CHUNKS: z.string().default('upload-chunks'),
  MAX_FILE_BYTES: whole(2 * 1024 ** 3),
  MAX_MODEL_PARAMETERS: whole(100_000_000),
  // of a support vector model: training rows, memory for rows of its kernel matrix
  SVR_MAX_ROWS: z.coerce.number().int().min(2).default(SVR_MAX_ROWS),
  SVR_CACHE_BYTES: whole(256 * 1024 ** 2),
  // bounds of a dataset (pipeline.md 9.3): candidate reference times, cells as if materialised, bytes really held
  MAX_REFERENCE_TIMES: whole(5_000_000),
  MAX_ARRAY_CELLS: whole(1_000_000_000),
  MAX_ARRAY_BYTES: whole(4 * 1024 ** 3),
  /** folder for working files of activities and training runs */
  WORK_DIR: optional,
};

const api = {
  PORT: whole(8080),
  HOST: z.string().default('127.0.0.1'),
  SUPABASE_JWKS_URL: optional,
  SUPABASE_JWT_SECRET: optional,
  SUPABASE_JWT_ISSUER: optional,
  CORS_ORIGINS: optional,
  TRUSTED_PROXIES: optional,
  MAX_REQUEST_BYTES: whole(100 * 1024 ** 2),
  MAX_JSON_BYTES: whole(5 * 1024 ** 2),
  MAX_SESSIONS_TO_RETURN: whole(50),
  SIGNED_URL_TTL_SECONDS: whole(3600),
  DATASET_WAIT_SECONDS: whole(300),
  ASSEMBLY_WAIT_SECONDS: whole(60),
  // requests per minute and user (anonymous: failed authentications per address)
  RATE_LIMIT_UPLOAD: whole(600),
  RATE_LIMIT_POLL: whole(300),
  RATE_LIMIT_READ: whole(240),
  RATE_LIMIT_WRITE: whole(120),
  RATE_LIMIT_HEAVY: whole(30),
  RATE_LIMIT_ANONYMOUS: whole(60),
};

const worker = {
  RESULTS_TO_KEEP: whole(10),
  UPLOAD_MAX_AGE_HOURS: whole(24),
  CLEANUP_INTERVAL_MINUTES: whole(30),
  /** 'auto' prefers native TensorFlow when it is linked */
  TRAINING_BACKEND: z.enum(['auto', 'native', 'wasm']).default('auto'),
  /** trainings at a time of one training worker: one per device */
  TRAINING_SLOTS: z.coerce.number().int().min(1).max(64).default(1),
};

const schema = z.object({ ...shared, ...api, ...worker });
export type Config = Readonly<z.infer<typeof schema>>;

export const datasetLimits = (config: Pick<Config, 'MAX_REFERENCE_TIMES' | 'MAX_ARRAY_CELLS' | 'MAX_ARRAY_BYTES'>): DatasetLimits => ({
  maxReferenceTimes: config.MAX_REFERENCE_TIMES,
  maxArrayCells: config.MAX_ARRAY_CELLS,
  maxArrayBytes: config.MAX_ARRAY_BYTES,
});

/** @throws Error with one sentence naming every variable that is missing or wrong, never its content */
export const loadConfig = (env: NodeJS.ProcessEnv = process.env): Config => load(schema, env);

function load<T>(shape: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  // an empty variable means "not given"
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
  throw new Error(`Configuration: set ${names.join(', ')} (missing or of the wrong form)`);
}

/** What the pipeline obeys where there is no service around it: bounds and the back end, every one with a default. */
const PIPELINE = {
  MAX_MODEL_PARAMETERS: true,
  SVR_MAX_ROWS: true,
  SVR_CACHE_BYTES: true,
  MAX_REFERENCE_TIMES: true,
  MAX_ARRAY_CELLS: true,
  MAX_ARRAY_BYTES: true,
  TRAINING_BACKEND: true,
} as const;
export type PipelineConfig = Pick<Config, keyof typeof PIPELINE>;

/** @throws Error as {@link loadConfig} */
export const loadPipelineConfig = (env: NodeJS.ProcessEnv = process.env): PipelineConfig => load(schema.pick(PIPELINE), env);

/** The workers' configuration: they act with the service role alone, so the key for acting as a user is the API's only. */
export const loadWorkerConfig = (env: NodeJS.ProcessEnv = process.env): Config =>
  loadConfig({ ...env, SUPABASE_ANON_KEY: env['SUPABASE_ANON_KEY'] || 'workers act as no user' });
