/** A user, a session, chunks and jobs for tests of the store; the stack's PostgreSQL beside it, to look behind the functions. */
import { createHash, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import {
  createStore,
  type AssembledContent,
  type BeginJob,
  type DatasetRow,
  type FileType,
  type RegisterChunk,
  type Store,
  type UserStore,
} from '../../src/store';
import type { DatasetJob, TrainingJob } from '../../src/workflows/messages';
import { endpoints, signUpUser, type TestUser } from '../support';

export const BUCKETS = {
  BUCKET_INPUT: 'csv-files',
  BUCKET_OUTPUT: 'aus-csv-files',
  BUCKET_RESULTS: 'training-results',
  BUCKET_MODELS: 'models',
  BUCKET_CHUNKS: 'upload-chunks',
};

export function openStore(): Store {
  const { url, publishableKey, serviceRoleKey } = endpoints().supabase;
  return createStore({ ...BUCKETS, SUPABASE_URL: url, SUPABASE_ANON_KEY: publishableKey, SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey });
}

let pool: Pool | undefined;

/** Rows of a query run as the owner of the tables. */
export async function sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  pool ??= new Pool({ connectionString: endpoints().databaseUrl, max: 4 });
  return (await pool.query<Row>(text, values)).rows;
}

export async function closeDatabase(): Promise<void> {
  await pool?.end();
  pool = undefined;
}

export interface Owner extends TestUser {
  store: UserStore;
}

export async function newOwner(store: Store): Promise<Owner> {
  const user = await signUpUser();
  return { ...user, store: store.forUser(user.token) };
}

export const stringId = (): string => `session_${Date.now()}_${randomUUID().slice(0, 8)}`;

export async function newSession(owner: Owner): Promise<string> {
  const made = await owner.store.createSession({ ref: stringId(), name: null, timeInfo: null, zeitschritte: null });
  return made.sessionId;
}

/** Puts the user on a plan of his own with the given limits. */
export async function givePlan(userId: string, limits: { processing: number; training: number; canTrain?: boolean }): Promise<void> {
  const slug = `test-${randomUUID()}`;
  await sql(
    `with plan as (
       insert into public.subscription_plans (name, slug, max_processing_jobs_per_month, max_training_runs_per_month, max_uploads_per_month,
         can_use_training, max_storage_gb, max_file_size_mb) values ($1, $1, $2, $3, -1, $4, 1, 10) returning id)
     insert into public.user_subscriptions (user_id, plan_id, status) select $5, id, 'active' from plan`,
    [slug, limits.processing, limits.training, limits.canTrain ?? true, userId],
  );
}

export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** A chunk as the API registers it; its "bytes" are `content`, its object has a random name. */
export function chunk(owner: Owner, sessionId: string, content: string, given: Partial<RegisterChunk> = {}): RegisterChunk {
  return {
    sessionId,
    fileName: 'load.csv',
    type: 'input',
    bezeichnung: 'load',
    totalChunks: 2,
    index: 0,
    size: content.length,
    sha256: sha256(content),
    objectPath: `${owner.id}/${sessionId}/${randomUUID()}`,
    expectedSha256: null,
    expectedSize: null,
    metadata: null,
    ...given,
  };
}

/** What the assembly of a file computed. */
export function assembled(owner: Owner, sessionId: string, content: string, given: Partial<AssembledContent> = {}): AssembledContent {
  const fileId = given.fileId ?? randomUUID();
  const hash = sha256(content);
  return {
    fileId,
    type: 'input',
    bezeichnung: 'load',
    metadata: {},
    bucket: BUCKETS.BUCKET_INPUT,
    objectPath: `${owner.id}/${sessionId}/${fileId}/${hash}.csv`,
    sha256: hash,
    sizeBytes: content.length,
    rowCount: 100,
    columnHeader: 'value',
    separator: ';',
    valid: true,
    problems: [],
    statistics: { min: '0', max: '10' },
    ...given,
  };
}

/** Uploads a file of one chunk up to its row. */
export async function storeFile(store: Store, owner: Owner, sessionId: string, name: string, content: string, type: FileType = 'input') {
  const bezeichnung = name.replace(/\.csv$/, '');
  const received = await store.service.registerChunk(
    chunk(owner, sessionId, content, { fileName: name, type, bezeichnung, totalChunks: 1 }),
  );
  const ref = { uploadId: received.uploadId ?? '', generation: received.generation, attempt: received.attempt };
  const done = await store.service.completeUpload(ref, assembled(owner, sessionId, content, { type, bezeichnung }));
  if (!done.file) throw new Error(`file was not stored: ${done.outcome}`);
  return { ref, file: done.file };
}

/** Parts of a job that the store looks into; settings are opaque to it. */
const jobBase = (owner: Owner, sessionId: string) => ({
  runId: randomUUID(),
  sessionId,
  sessionRef: sessionId,
  sessionName: null,
  userId: owner.id,
  startedAt: new Date().toISOString(),
  contentHash: sha256(sessionId),
  settings: {
    series: [],
    steps: { inputSteps: 2, outputSteps: 2, referenceStepMin: 60, referenceOffsetMin: 0 },
    time: { timeZone: 'UTC', groups: [] },
  },
  files: [],
});

/** A built dataset's row: one window, and what a test is about. */
export const datasetRow = (
  owner: Owner,
  sessionId: string,
  hash: string,
  given: Partial<Omit<DatasetRow, 'created_at'>> = {},
): Omit<DatasetRow, 'created_at'> => ({
  session_id: sessionId,
  content_hash: hash,
  run_id: null,
  n_dat: 1,
  input_steps: 2,
  output_steps: 2,
  input_features: ['a'],
  output_features: ['b'],
  object_path: `${owner.id}/${sessionId}/dataset_${hash}/manifest.json`,
  size_bytes: 10,
  pipeline_version: '1',
  ...given,
});

export function trainingStart(owner: Owner, sessionId: string): BeginJob & { job: TrainingJob } {
  const job: TrainingJob = {
    ...jobBase(owner, sessionId),
    job: 'training',
    training: {
      model: { kind: 'LIN' },
      modeAsSent: 'Linear',
      parameters: { MODE: 'Linear' },
      split: { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' },
    },
  };
  return { userId: owner.id, job, workflowId: `training-${sessionId}`, kind: 'training', chargeKey: `training:${job.runId}` };
}

export function datasetStart(owner: Owner, sessionId: string): BeginJob & { job: DatasetJob } {
  const job: DatasetJob = { ...jobBase(owner, sessionId), job: 'dataset' };
  return {
    userId: owner.id,
    job,
    workflowId: `datasets-${sessionId}`,
    kind: 'processing',
    chargeKey: `dataset:${sessionId}:${job.contentHash}`,
  };
}

/** Counter of the current period beside the charges that stand for it. */
export async function usage(userId: string) {
  const [row] = await sql<{ processing: number; training: number; processing_charges: number; training_charges: number; storage: number }>(
    `select coalesce(sum(processing_jobs_count), 0)::int as processing, coalesce(sum(training_runs_count), 0)::int as training,
       (select count(*)::int from public.usage_charges where user_id = $1 and kind = 'processing' and state <> 'refunded') as processing_charges,
       (select count(*)::int from public.usage_charges where user_id = $1 and kind = 'training' and state <> 'refunded') as training_charges,
       coalesce(max(storage_used_gb), 0)::float as storage
     from public.usage_tracking where user_id = $1`,
    [userId],
  );
  if (!row) throw new Error('an aggregate has a row');
  expect([row.processing, row.training]).toEqual([row.processing_charges, row.training_charges]);
  return row;
}
