/** Sockets as a frontend opens them, and jobs that exist in the database only. */
import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { loadConfig } from '../../src/config';
import type { Config } from '../../src/config';
import type { TrainingJob } from '../../src/workflows/messages';
import { api, endpoints, waitFor } from '../support';
import type { TestUser } from '../support';

export type Payload = Record<string, unknown>;

export interface Heard {
  event: string;
  payload: Payload;
}

export interface TestSocket {
  socket: Socket;
  /** everything the server sent, in order */
  heard: Heard[];
  /** waits for the n-th event of a name */
  next: (event: string, count?: number) => Promise<Payload>;
  /** the acknowledgement of a client event */
  ask: (event: string, payload: unknown) => Promise<Payload>;
}

const open: Socket[] = [];

/** Closes what connect() opened; for afterEach. */
export const closeSockets = (): void => open.splice(0).forEach((socket) => void socket.close());

/** @throws Error with `data` when the server refuses the connection */
export async function connect(token: string | undefined, address = endpoints().api): Promise<TestSocket> {
  const socket = io(address, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  open.push(socket);
  const heard: Heard[] = [];
  socket.onAny((event: string, payload: Payload) => heard.push({ event, payload }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    heard,
    next: (event, count = 1) => waitFor(() => heard.filter((one) => one.event === event)[count - 1]?.payload),
    ask: (event, payload) => socket.timeout(10_000).emitWithAck(event, payload) as Promise<Payload>,
  };
}

export const testConfig = (changes: Record<string, string> = {}): Config => {
  const { supabase, databaseUrl, temporal } = endpoints();
  return loadConfig({
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: supabase.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...changes,
  });
};

export interface TestSession {
  ref: string;
  uuid: string;
}

export async function openSession({ token }: TestUser): Promise<TestSession> {
  const ref = `session_${Date.now()}_${randomUUID().slice(0, 7)}`;
  const { body } = await api(token).post('/init-session', { sessionId: ref });
  return { ref, uuid: body['sessionUuid'] as string };
}

/** Input of a training of a session without files: its row can be begun, opened and ended by hand. */
export const trainingOf = ({ id: userId }: TestUser, { ref, uuid }: TestSession): TrainingJob =>
  ({
    job: 'training',
    runId: randomUUID(),
    sessionId: uuid,
    sessionRef: ref,
    sessionName: null,
    userId,
    startedAt: new Date().toISOString(),
    contentHash: '0'.repeat(64),
    settings: {
      series: [],
      steps: { inputSteps: 2, outputSteps: 2, referenceStepMin: 60, referenceOffsetMin: 0 },
      time: { timeZone: 'UTC', groups: [] },
    },
    files: [],
    training: {
      model: { kind: 'LIN' },
      modeAsSent: 'LIN',
      parameters: { MODE: 'LIN' },
      split: { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' },
    },
  }) satisfies TrainingJob;
