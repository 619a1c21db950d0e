/** Sessions as a frontend makes them, over HTTP only. */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { api, serviceClient, target, waitFor } from '../support';
import type { Answer as HttpAnswer, TestUser } from '../support';

export type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are what is being tested
export type User = TestUser;
export type Answer = HttpAnswer<Body>;

export const newSessionId = (): string => `session_${Date.now()}_${randomUUID().slice(0, 7)}`;
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const cases = path.resolve(__dirname, '../golden/cases');
const examples = path.resolve(__dirname, '../../examples');

/** Expected results of a golden case. */
export const goldenCase = (name: string): unknown => JSON.parse(readFileSync(path.join(cases, name, 'expected.json'), 'utf8'));

/** Hourly rows from 2024-01-01 00:00 with values of a formula. */
export function hourlyCsv(name: string, rows: number, value: (i: number) => number): Buffer {
  const stamp = (i: number): string => new Date(Date.UTC(2024, 0, 1) + i * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  return Buffer.from([`UTC;${name}`, ...Array.from({ length: rows }, (_, i) => `${stamp(i)};${value(i)}`), ''].join('\n'));
}

export interface Upload {
  sessionId: string;
  fileName: string;
  bytes: Buffer;
  fileType?: 'input' | 'output';
  bezeichnung?: string;
  settings?: Body;
  chunks?: number;
  fileHash?: string;
}

/** One chunk's request body. */
export function chunkForm(upload: Upload, chunkIndex: number, extra: Body = {}, bytes?: Buffer): FormData {
  const totalChunks = upload.chunks ?? 1;
  const size = Math.ceil(upload.bytes.length / totalChunks);
  const chunk = bytes ?? upload.bytes.subarray(chunkIndex * size, (chunkIndex + 1) * size);
  const { sessionId, fileName, fileType, bezeichnung, settings, fileHash } = upload;
  const form = new FormData();
  form.set('metadata', JSON.stringify({ sessionId, fileName, chunkIndex, totalChunks, fileType, bezeichnung, fileHash, ...extra }));
  if (settings) form.set('additionalData', JSON.stringify({ fileMetadata: { fileName, type: fileType, bezeichnung, ...settings } }));
  form.set('chunk', new Blob([new Uint8Array(chunk)]), fileName);
  return form;
}

export const sendChunk = (user: User, upload: Upload, index: number, extra?: Body, bytes?: Buffer): Promise<Answer> =>
  api(user.token).form('/upload-chunk', chunkForm(upload, index, extra, bytes));

/** Sends all chunks in the given order (default ascending); the last answer. */
export async function uploadAll(user: User, upload: Upload, order?: number[]): Promise<Answer> {
  let last: Answer | undefined;
  for (const index of order ?? Array.from({ length: upload.chunks ?? 1 }, (_, k) => k)) last = await sendChunk(user, upload, index);
  if (!last) throw new Error('no chunk sent');
  return last;
}

export async function openSession(user: User, sessionId = newSessionId()): Promise<string> {
  const { status, body } = await api(user.token).post('/init-session', { sessionId });
  if (status !== 200) throw new Error(`init-session: ${status} ${JSON.stringify(body)}`);
  return sessionId;
}

/** A configured session with real data: golden case 40 (four hourly series of 260 rows, 13 steps, 236 windows). */
export const smallSession = (user: User): Promise<string> => goldenSession(user, '40-lin-2in-2out');

/** A session with the files and steps of a golden case. */
export async function goldenSession(user: User, name: string): Promise<string> {
  const folder = path.join(cases, name);
  const settings = JSON.parse(readFileSync(path.join(folder, 'settings.json'), 'utf8')) as Body;
  const sessionId = await openSession(user);
  for (const { file, ...fields } of settings['files'] as Body[]) {
    const upload = {
      sessionId,
      fileName: path.basename(String(file)),
      bytes: readFileSync(path.join(folder, String(file))),
      fileType: fields['type'],
      bezeichnung: fields['bezeichnung'],
      settings: fields,
    };
    const { status, body } = await uploadAll(user, upload);
    if (status !== 200 || body['assembled'] !== true) throw new Error(`upload of ${upload.fileName}: ${status} ${JSON.stringify(body)}`);
  }
  await configure(user, sessionId, settings['zeitschritte']);
  return sessionId;
}

/** The example's four series, hourly, two years: large enough for a training that takes a while. */
export async function largeSession(user: User): Promise<string> {
  const folder = path.join(examples, 'etth1');
  const settings = JSON.parse(readFileSync(path.join(folder, 'settings.json'), 'utf8')) as Body;
  const sessionId = await openSession(user);
  for (const { file, ...fields } of settings['files'] as Body[]) {
    const upload = {
      sessionId,
      fileName: file,
      bytes: readFileSync(path.join(folder, String(file))),
      fileType: fields['type'],
      bezeichnung: fields['bezeichnung'],
      settings: fields,
      chunks: 2,
    };
    const { status, body } = await uploadAll(user, upload);
    if (status !== 200 || body['assembled'] !== true) throw new Error(`upload of ${String(file)}: ${status} ${JSON.stringify(body)}`);
  }
  await configure(user, sessionId, settings['zeitschritte']);
  return sessionId;
}

async function configure(user: User, sessionId: string, zeitschritte: Body): Promise<void> {
  const saved = await api(user.token).post('/save-zeitschritte', { sessionId, zeitschritte });
  const finalized = await api(user.token).post('/finalize-session', { sessionId });
  if (saved.status !== 200 || finalized.status !== 200)
    throw new Error(`configuration: ${saved.status} ${finalized.status} ${JSON.stringify(finalized.body)}`);
}

/** A Dense network that trains for a minute at least, however early it stops: long enough to be killed, cancelled and watched. */
export const LONG_TRAINING = { model_parameters: { MODE: 'Dense', LAY: 3, N: 2048, EP: 400, ACTF: 'ReLU' } };

export async function startTraining(user: User, sessionId: string, body: Body): Promise<string> {
  const answer = await api(user.token).post(`/train-models/${sessionId}`, body);
  if (answer.status !== 200) throw new Error(`train-models: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body['runId'] as string;
}

/** A small session with one completed run. */
export async function trainedSession(user: User, model_parameters: Body = { MODE: 'LIN' }): Promise<string> {
  const sessionId = await smallSession(user);
  await startTraining(user, sessionId, { model_parameters });
  const { status } = await trainingEnd(user, sessionId);
  if (status !== 'completed') throw new Error(`the training has ended as ${String(status)}`);
  return sessionId;
}

/** Polls /status until the run is over. */
export const trainingEnd = (user: User, sessionId: string, seconds = 120): Promise<Body> =>
  waitFor(async () => {
    const { body } = await api(user.token).get(`/status/${sessionId}?job=training`);
    return ['completed', 'failed', 'cancelled'].includes(body['status'] as string) ? body : null;
  }, seconds * 1000);

/** A socket that has joined the session's room, with everything it received since. */
export async function joinSession(
  user: User,
  sessionId: string,
  apiUrl = target().api,
): Promise<{ socket: Socket; events: { name: string; payload: Body }[] }> {
  const socket = io(apiUrl, { auth: { token: user.token }, transports: ['websocket'], forceNew: true });
  const events: { name: string; payload: Body }[] = [];
  socket.onAny((name: string, payload: Body) => events.push({ name, payload }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const joined = (await socket.timeout(10_000).emitWithAck('join_training_session', { session_id: sessionId })) as Body;
  if (joined['status'] !== 'success') {
    socket.close();
    throw new Error(JSON.stringify(joined));
  }
  return { socket, events };
}

/** Limits of a plan; −1 is none. */
export interface Plan {
  processing: number;
  /** absent: no training at all */
  training?: number;
  fileMb?: number;
  /** the month counts from this day of the subscription's start instead of the calendar's first */
  anniversary?: string;
}

/** Puts a user on a plan of his own; without one he has none. */
export async function changePlan(user: User, limits: Plan | null): Promise<void> {
  const service = serviceClient();
  await service.from('user_subscriptions').delete().eq('user_id', user.id);
  if (!limits) return;
  const name = `test-${randomUUID()}`;
  const plan = {
    name,
    slug: name,
    max_processing_jobs_per_month: limits.processing,
    max_training_runs_per_month: limits.training ?? 0,
    can_use_training: limits.training !== undefined,
    max_uploads_per_month: -1,
    max_storage_gb: 1,
    max_file_size_mb: limits.fileMb ?? -1,
    period_kind: limits.anniversary === undefined ? 'calendar_month' : 'anniversary',
  };
  const { data, error } = await service.from('subscription_plans').insert(plan).select('id').single<{ id: string }>();
  if (error) throw error;
  const started = limits.anniversary === undefined ? {} : { started_at: limits.anniversary };
  const made = await service.from('user_subscriptions').insert({ user_id: user.id, plan_id: data.id, status: 'active', ...started });
  if (made.error) throw made.error;
}

/** Units of the user's charges that stand. */
export const unitsCharged = async (user: User): Promise<number> =>
  (await user.client.from('usage_charges').select('id').neq('state', 'refunded')).data?.length ?? 0;
