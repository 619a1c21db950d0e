/** Two API processes beside each other, and the moments that a single real one does not show on demand. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '../../src/api/errors';
import { attachRealtime } from '../../src/api/realtime';
import type { Realtime } from '../../src/api/realtime';
import { createLogger } from '../../src/log';
import { createEmitter, sessionRoom } from '../../src/realtime';
import type { Emitter } from '../../src/realtime';
import { createStore } from '../../src/store';
import type { Store } from '../../src/store';
import { closeSockets, connect, signUpUser, supabaseClient } from '../support';
import type { TestUser } from '../support';
import { openSession, testConfig } from './client';
import type { TestSession } from './client';

const log = createLogger('test', 'silent');

interface Instance {
  address: string;
  close(): Promise<void>;
}

/** A Socket.IO server as an API process has it; tokens are looked up at the auth server and hold for `lifetime` seconds. */
async function startInstance({ store, lifetime = 3600 }: { store?: Store; lifetime?: number }): Promise<Instance> {
  const config = testConfig();
  const server: Server = createServer();
  const verifyToken = async (token: string) => {
    const { data } = await supabaseClient().auth.getUser(token);
    if (!data.user) throw new ApiError('INVALID_TOKEN');
    return { userId: data.user.id, expiresAt: Date.now() / 1000 + lifetime };
  };
  const realtime: Realtime = attachRealtime(server, { config, log, store: store ?? createStore(config), verifyToken });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await realtime.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let user: TestUser;
let session: TestSession;
let emitter: Emitter;
const instances: Instance[] = [];

beforeAll(async () => {
  user = await signUpUser();
  session = await openSession(user);
  emitter = createEmitter(testConfig().DATABASE_URL, log);
}, 60_000);
afterEach(async () => {
  closeSockets();
  await Promise.all(instances.splice(0).map((instance) => instance.close()));
});
afterAll(() => emitter.close());

const start = async (options: Parameters<typeof startInstance>[0]): Promise<string> => {
  const instance = await startInstance(options);
  instances.push(instance);
  return instance.address;
};
const emit = (seq: number, padding = ''): Promise<void> =>
  emitter.emit(sessionRoom(session.uuid), 'training_metrics', { run_id: 'run', seq, padding });

describe('several API processes', () => {
  it('each deliver what any worker says, once, small or too large for a notification', async () => {
    const clients = await Promise.all([start({}), start({})].map(async (address) => connect(user.token, await address)));
    for (const { ask } of clients) await ask('join_training_session', { session_id: session.ref });
    await emit(1);
    await emit(2, 'x'.repeat(20_000));
    for (const { next, heard } of clients) {
      await next('training_metrics', 2);
      expect(heard.filter(({ event }) => event === 'training_metrics').map(({ payload }) => payload['seq'])).toEqual([1, 2]);
    }
  });
});

describe('live events between join and replay', () => {
  it('are delivered after the replay, none lost', async () => {
    const real = createStore(testConfig());
    const reading: { started: () => void; finish: () => void } = { started: () => undefined, finish: () => undefined };
    const started = new Promise<void>((resolve) => (reading.started = resolve));
    const mayFinish = new Promise<void>((resolve) => (reading.finish = resolve));
    // the replay's read of unfinished uploads is held until live events have been raised
    const slow: Store = {
      ...real,
      forUser: (jwt) => {
        const mine = real.forUser(jwt);
        const uploads = async (id: string) => {
          reading.started();
          await mayFinish;
          const known = { generation: 1, attempt: 0, color_index: 0, total_chunks: 4, received_count: 1, received_bytes: 6, missing: [0] };
          const none = { expected_size: null, expected_sha256: null, file_id: null, file_metadata: {}, error_code: null };
          const at = '2024-01-15T10:30:00+00:00';
          const times = { last_activity_at: at, created_at: at, updated_at: at };
          const names = { file_name: 'a.csv', file_type: 'input', bezeichnung: 'a' } as const;
          return [{ id: 'upload', session_id: id, ...names, ...known, ...none, ...times, status: 'receiving' as const, seq: 7 }];
        };
        return { ...mine, uploads };
      },
    };
    const { ask, heard, next } = await connect(user.token, await start({ store: slow }));
    const witness = await connect(user.token, await start({}));
    await witness.ask('join_training_session', { session_id: session.ref });

    const joined = ask('join_training_session', { session_id: session.ref });
    await started;
    for (const seq of [1, 2, 3]) await emit(seq);
    await witness.next('training_metrics', 3);
    expect(heard).toEqual([]);
    reading.finish();
    await joined;
    await emit(4);
    await next('training_metrics', 4);
    expect(heard.map(({ event, payload }) => [event, payload['seq'] ?? null])).toEqual([
      ['training_session_joined', null],
      ['upload_progress', 7],
      ['training_metrics', 1],
      ['training_metrics', 2],
      ['training_metrics', 3],
      ['training_metrics', 4],
    ]);
  });
});

describe('the end of a token', () => {
  it('ends its socket, with a word', async () => {
    const { socket, next } = await connect(user.token, await start({ lifetime: 1 }));
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    expect(await next('auth_expired')).toMatchObject({ code: 'EXPIRED_TOKEN' });
    await gone;
    expect(socket.connected).toBe(false);
  });

  it('is moved by a new token', async () => {
    const { socket, ask, heard } = await connect(user.token, await start({ lifetime: 1.5 }));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await ask('authenticate', { token: user.token });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect([socket.connected, heard.map(({ event }) => event)]).toEqual([true, ['authenticated']]);
  });
});
