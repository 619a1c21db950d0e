/** The real session of pipeline.md 22.1, with synthetic load: its results stay small, its arrays travel at constant memory. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endpoints, api, signUpUser, target } from '../support';
import { openSession, startTraining, trainingEnd, uploadAll } from '../acceptance/scenario';
import type { Body, User } from '../acceptance/scenario';

const WINDOWS = 106_273;
const STEPS = 97;
const LIGHT_BYTES = 200_000;
/** what a stream may add to the API's memory: blocks on their way and the compact dataset of 3 MB, not 300 MB of text */
const STREAM_MB = 150;
const ENOUGH_BYTES = 300e6;

jest.setTimeout(240_000);

/** Values every quarter of an hour that cover every instant the windows need. */
function quarterHours(value: (i: number) => number): Buffer {
  const start = Date.UTC(2022, 11, 31);
  const count = (Date.UTC(2026, 0, 13) - start) / 900_000 + 1;
  const lines = Array.from({ length: count }, (_, i) => {
    const stamp = new Date(start + i * 900_000).toISOString();
    return `${stamp.slice(0, 10)} ${stamp.slice(11, 19)};${value(i).toFixed(3)}`;
  });
  return Buffer.from(['UTC;value', ...lines, ''].join('\n'));
}

const noise = (i: number, k: number): number => ((i * (37 + 11 * k)) % 101) / 25;
const LOAD = quarterHours((i) => 50 + 20 * Math.sin(i / 15.28) + noise(i, 0));
const TEMPERATURE = quarterHours((i) => 10 + 8 * Math.cos(i / 5580) + noise(i, 1));

async function realSession(user: User): Promise<string> {
  const sessionId = await openSession(user);
  const files: [string, 'input' | 'output', Buffer, number, number][] = [
    ['load', 'input', LOAD, -24, 0],
    ['temperature', 'input', TEMPERATURE, -24, 0],
    ['forecast', 'input', TEMPERATURE, 0, 24],
    ['load', 'output', LOAD, 0, 24],
  ];
  for (const [bezeichnung, fileType, bytes, from, to] of files) {
    const settings = { zeithorizontStart: String(from), zeithorizontEnd: String(to), datenform: 'Historische Daten' };
    const upload = { sessionId, fileName: `${bezeichnung}.csv`, bytes, fileType, bezeichnung, settings };
    const { status, body } = await uploadAll(user, upload);
    expect([status, body['assembled']]).toEqual([200, true]);
  }
  const group = { datenform: 'Zeithorizont', zeithorizontStart: '-24', zeithorizontEnd: '0' };
  const timeInfo = { jahr: true, woche: true, tag: true, zeitzone: 'UTC', category_data: { jahr: group, woche: group, tag: group } };
  expect((await api(user.token).post('/save-time-info', { sessionId, timeInfo })).status).toBe(200);
  const zeitschritte = { eingabe: String(STEPS), ausgabe: String(STEPS), zeitschrittweite: '15', offset: '0' };
  expect((await api(user.token).post('/save-zeitschritte', { sessionId, zeitschritte })).status).toBe(200);
  return sessionId;
}

/** Reads an answer until it ends or `limit` bytes have come. @returns bytes read */
async function readSome(user: User, route: string, limit: number): Promise<number> {
  const leave = new AbortController();
  const headers = { Authorization: `Bearer ${user.token}` };
  const answer = await fetch(`${target().api}/api/training${route}`, { headers, signal: leave.signal });
  expect(answer.status).toBe(200);
  let bytes = 0;
  for await (const block of answer.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += block.length;
    if (bytes >= limit) break;
  }
  leave.abort();
  return bytes;
}

/** Largest memory of the stack's API process since `from`. */
function apiMemory(): { reset: () => void; peakMb: () => number } {
  const book = path.join(path.dirname(process.env['LASTGANG_ENDPOINTS'] ?? ''), 'processes.json');
  const { pid } = (JSON.parse(readFileSync(book, 'utf8')) as { api: { pid: number } }).api;
  return {
    reset: () => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
    peakMb: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
  };
}

describe('a session with 106 273 windows', () => {
  let user: User;
  let session: string;
  beforeAll(async () => {
    expect(endpoints().api).toBe(target().api);
    user = await signUpUser();
    session = await realSession(user);
    await startTraining(user, session, { model_parameters: { MODE: 'LIN' } });
    expect(await trainingEnd(user, session, 180)).toMatchObject({ status: 'completed' });
  });

  it('is split as the specification says, and its results fit into 200 kB', async () => {
    const { status, bytes, body } = await api(user.token).get(`/results/${session}`);
    expect(status).toBe(200);
    const [run] = body['results'] as Body[];
    expect((run?.['results'] as Body)['metadata']).toMatchObject({ n_dat: WINDOWS, n_train: 74_391, n_val: 21_255, n_test: 10_627 });
    expect(bytes.length).toBeLessThanOrEqual(LIGHT_BYTES);
    expect(bytes.length).toBeLessThanOrEqual(LIGHT_BYTES);
  });

  it('streams its arrays as JSON and as .npz without holding them', async () => {
    const memory = apiMemory();
    memory.reset();
    const before = memory.peakMb();
    expect(await readSome(user, `/results/${session}?include=arrays&sets=test`, ENOUGH_BYTES)).toBeGreaterThanOrEqual(ENOUGH_BYTES);
    expect(await readSome(user, `/results/${session}?include=arrays&sets=train`, ENOUGH_BYTES)).toBeGreaterThanOrEqual(ENOUGH_BYTES);
    expect(await readSome(user, `/download-arrays/${session}`, ENOUGH_BYTES)).toBeGreaterThanOrEqual(ENOUGH_BYTES);
    expect(memory.peakMb() - before).toBeLessThan(STREAM_MB);
  });
});
