import { createHash, randomUUID } from 'node:crypto';
import { decode } from '@msgpack/msgpack';
import { Client as Postgres } from 'pg';
import type { Config } from '../../src/config';
import { loadConfig } from '../../src/config';
import { columnOrder, parseDatasetSettings } from '../../src/domain/settings';
import type { ModelSettings, TrainingSettings } from '../../src/domain/settings/types';
import { createLogger } from '../../src/log';
import type { FileType, ProgressRow, Store } from '../../src/store';
import { createStore, datasetHash } from '../../src/store';
import type { Workflows } from '../../src/temporal';
import { createWorkflows } from '../../src/temporal';
import { jobWorkflowId } from '../../src/workflows/ids';
import type { AssembledFile, DatasetJob, Job, TrainingJob, UploadRef } from '../../src/workflows/messages';
import { endpoints, signUpUser, waitFor } from '../support';
import type { TestUser } from '../support';

const log = createLogger('test', 'silent');
const MINUTE_MS = 60_000;

/** The parts of the running stack that workflows need, without the API. */
export interface Bench {
  config: Config;
  store: Store;
  workflows: Workflows;
  user: TestUser;
  /** what `close` closes besides the connection to Temporal */
  opened: (() => Promise<void>)[];
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const { supabase, temporal, databaseUrl } = endpoints();
  const config = loadConfig({
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: supabase.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  });
  const store = createStore(config);
  const workflows = createWorkflows(config, store, log);
  const opened = [() => workflows.client.connection.close()];
  const close = async (): Promise<void> => {
    for (const end of opened) await end();
  };
  return { config, store, workflows, user: await signUpUser(), opened, close };
}

export interface Session {
  id: string;
  ref: string;
}

export async function newSession({ store, user }: Bench): Promise<Session> {
  const ref = randomUUID();
  const { sessionId } = await store.forUser(user.token).createSession({ ref, name: 'workflow test', timeInfo: null, zeitschritte: null });
  return { id: sessionId, ref };
}

/** `rows` quarter hours from 2024-01-01; `value` of row i. */
export function csv(rows: number, value: (i: number) => string | number): string {
  const start = Date.UTC(2024, 0, 1);
  const lines = Array.from(
    { length: rows },
    (_, i) => `${new Date(start + i * 15 * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ')};${value(i)}`,
  );
  return ['UTC;Wert [kW]', ...lines, ''].join('\n');
}

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

export interface Upload {
  fileName: string;
  type: FileType;
  chunks: readonly string[];
  expectedSha256?: string;
}

/** Stores one chunk as the API does: the object first, then its row. */
export async function putChunk(
  { store, config, user }: Bench,
  session: Session,
  upload: Upload,
  index: number,
): ReturnType<Store['service']['registerChunk']> {
  const bytes = Buffer.from(upload.chunks[index] ?? '');
  const objectPath = `${user.id}/${session.id}/${randomUUID()}`;
  await store.objects.put(config.BUCKET_CHUNKS, objectPath, bytes, 'application/octet-stream');
  return store.service.registerChunk({
    sessionId: session.id,
    fileName: upload.fileName,
    type: upload.type,
    bezeichnung: upload.fileName.replace('.csv', ''),
    totalChunks: upload.chunks.length,
    index,
    size: bytes.length,
    sha256: sha256(bytes),
    objectPath,
    expectedSha256: upload.expectedSha256 ?? null,
    expectedSize: null,
    metadata: { zeithorizont_start: upload.type === 'input' ? '-3' : '0', zeithorizont_end: upload.type === 'input' ? '0' : '3' },
  });
}

export const refOf = (
  { user }: Bench,
  session: Session,
  done: { uploadId: string | null; generation: number; attempt: number },
): UploadRef => ({
  sessionId: session.id,
  sessionRef: session.ref,
  userId: user.id,
  uploadId: done.uploadId ?? '',
  generation: done.generation,
  attempt: done.attempt,
});

/** Uploads all chunks and waits for the assembly. */
export async function uploadFile(bench: Bench, session: Session, upload: Upload): Promise<AssembledFile> {
  let last: Awaited<ReturnType<typeof putChunk>> | undefined;
  for (const index of upload.chunks.keys()) last = await putChunk(bench, session, upload, index);
  if (!last?.complete) throw new Error('the set of chunks is not complete');
  const file = await bench.workflows.assemble(refOf(bench, session, last), 30_000);
  if (!file) throw new Error('the assembly takes too long');
  return file;
}

const wave = (period: number, shift: number) => (i: number) =>
  (50 + 20 * Math.sin((2 * Math.PI * (i + shift)) / period) + ((i * 7) % 5)).toFixed(3);

/** A session with two inputs and one output of 480 quarter hours, 13 steps each: 456 windows. */
export async function filledSession(bench: Bench): Promise<Session> {
  const session = await newSession(bench);
  const file = (fileName: string, type: FileType, value: (i: number) => string): Upload => ({ fileName, type, chunks: [csv(480, value)] });
  await uploadFile(bench, session, file('load.csv', 'input', wave(96, 0)));
  await uploadFile(bench, session, file('sun.csv', 'input', wave(96, 20)));
  await uploadFile(bench, session, file('target.csv', 'output', wave(96, 5)));
  await bench.store
    .forUser(bench.user.token)
    .saveZeitschritte(session.id, { eingabe: '13', ausgabe: '13', zeitschrittweite: '15', offset: '0' });
  return session;
}

async function jobBase({ store, user }: Bench, session: Session): Promise<Omit<DatasetJob, 'job'>> {
  const [rows, zeitschritte] = await Promise.all([store.service.files(session.id), store.service.zeitschritte(session.id)]);
  const records = rows.map((row) => ({ ...row }));
  const { settings, findings } = parseDatasetSettings({
    files: records,
    zeitschritte: zeitschritte && { ...zeitschritte },
    timeInfo: { tag: true },
  });
  if (!settings) throw new Error(JSON.stringify(findings));
  const files = columnOrder(records).flatMap((index) => rows[index] ?? []);
  return {
    runId: randomUUID(),
    sessionId: session.id,
    sessionRef: session.ref,
    sessionName: 'workflow test',
    userId: user.id,
    startedAt: new Date().toISOString(),
    contentHash: datasetHash(files, settings),
    settings,
    files: files.map((file) => ({
      fileId: file.id,
      fileName: file.file_name,
      bucket: file.storage_bucket ?? '',
      objectPath: file.storage_path ?? '',
      sha256: file.sha256 ?? '',
      columnHeader: file.column_header,
    })),
  };
}

export const datasetJob = async (bench: Bench, session: Session): Promise<DatasetJob> => ({
  job: 'dataset',
  ...(await jobBase(bench, session)),
});

export const DENSE = { kind: 'Dense', layers: 1, units: 8, epochs: 3, activation: 'relu' } as const satisfies ModelSettings;

export async function trainingJob(bench: Bench, session: Session, model: ModelSettings = { kind: 'LIN' }): Promise<TrainingJob> {
  const split = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' } as const;
  const training: TrainingSettings = { model, modeAsSent: model.kind, parameters: { MODE: model.kind }, split };
  return { job: 'training', ...(await jobBase(bench, session)), training };
}

/** Writes the queued row and starts its workflow, as the API does. */
export async function startJob(bench: Bench, job: Job): Promise<string> {
  const workflowId = jobWorkflowId(job.job, job.sessionId);
  await enqueue(bench, job);
  await bench.workflows.startJob({ run_id: job.runId, session_id: job.sessionId, job: job.job, workflow_id: workflowId, input: job });
  return workflowId;
}

export async function enqueue({ store, user }: Bench, job: Job): Promise<void> {
  const kind = job.job === 'training' ? ('training' as const) : ('processing' as const);
  const chargeKey = job.job === 'training' ? `training:${job.runId}` : `dataset:${job.sessionId}:${job.contentHash}`;
  const begun = await store.service.beginJob({ userId: user.id, job, workflowId: jobWorkflowId(job.job, job.sessionId), kind, chargeKey });
  if (begun.outcome !== 'started') throw new Error(`begin_job: ${begun.outcome}`);
}

export const rowWhen = ({ store }: Bench, runId: string, accept: (row: ProgressRow) => boolean, withinMs = 60_000): Promise<ProgressRow> =>
  waitFor(async () => {
    const row = await store.service.run(runId);
    return row && accept(row) ? row : null;
  }, withinMs);

export interface HeardEvent {
  name: string;
  payload: Record<string, unknown>;
  at: number;
}

export interface Listening {
  events: HeardEvent[];
  /** resolves when everything sent so far is in `events` */
  heardAll(): Promise<void>;
}

/** Listens where the Socket.IO adapter listens, so that what workers send is seen as it is sent. */
export async function listen({ config, opened }: Bench, session: Session): Promise<Listening> {
  const client = new Postgres({ connectionString: config.DATABASE_URL });
  await client.connect();
  opened.push(() => client.end());
  const events: HeardEvent[] = [];
  let heard: Promise<void> = Promise.resolve();
  client.on('notification', ({ payload }) => {
    const at = Date.now();
    heard = heard.then(async () => {
      const message = JSON.parse(payload ?? '{}') as Broadcast & { attachmentId?: string };
      // what is too long for a notification lies in a table
      const { data } = message.attachmentId === undefined ? message : await attachment(client, message.attachmentId);
      if (!data?.opts.rooms.includes(`training_${session.id}`)) return;
      const [name, content] = data.packet.data;
      events.push({ name, payload: content, at });
    });
  });
  await client.query('listen "socket.io#/"');
  return { events, heardAll: async () => (await client.query('select 1'), heard) };
}

interface Broadcast {
  data?: { packet: { data: [string, Record<string, unknown>] }; opts: { rooms: string[] } };
}

async function attachment(client: Postgres, id: string): Promise<Broadcast> {
  const { rows } = await client.query<{ payload: Buffer }>('select payload from socket_io_attachments where id = $1', [id]);
  return rows[0] ? (decode(rows[0].payload) as Broadcast) : {};
}
