import { randomUUID } from 'node:crypto';
import { createLogger } from '../../src/log';
import { createEmitter, sessionRoom, trainingProgress } from '../../src/realtime';
import type { Emitter } from '../../src/realtime';
import { createStore } from '../../src/store';
import type { Store } from '../../src/store';
import { jobWorkflowId } from '../../src/workflows/ids';
import type { TrainingJob } from '../../src/workflows/messages';
import { api, closeSockets, connect, signUpUser, target, waitFor } from '../support';
import type { TestUser } from '../support';
import { openSession, testConfig, trainingOf } from './client';
import type { TestSession } from './client';

let owner: TestUser;
let stranger: TestUser;
let session: TestSession;
let emitter: Emitter;
let store: Store;

beforeAll(async () => {
  [owner, stranger] = await Promise.all([signUpUser(), signUpUser()]);
  session = await openSession(owner);
  const config = testConfig();
  emitter = createEmitter(config.DATABASE_URL, createLogger('test', 'silent'));
  store = createStore(config);
}, 60_000);
afterEach(closeSockets);
afterAll(() => emitter.close());

const emitProgress = (runId: string, seq: number): Promise<void> =>
  emitter.emit(sessionRoom(session.uuid), 'training_progress', { run_id: runId, seq });

describe('rooms', () => {
  it('is one per session, under whichever name it is joined', async () => {
    const { ask, heard, next } = await connect(owner.token);
    const answers = [
      await ask('join_training_session', { session_id: session.ref }),
      await ask('join_training_session', { sessionId: session.uuid.toUpperCase() }),
    ];
    expect(answers.map(({ room, status, session_uuid }) => [status, room, session_uuid])).toEqual(
      Array.from({ length: 2 }, () => ['success', `training_${session.uuid}`, session.uuid]),
    );
    expect(answers.map((answer) => answer['session_id'])).toEqual([session.ref, session.uuid.toUpperCase()]);
    expect(await ask('join_upload_room', { uploadId: session.ref })).toEqual({ uploadId: session.ref });
    expect(await ask('join', { uploadId: session.uuid })).toEqual({ message: `Joined room: ${session.uuid}` });

    const runId = randomUUID();
    await emitProgress(runId, 1);
    await next('training_progress');
    await emitProgress(runId, 2);
    await next('training_progress', 2);
    expect(heard.filter(({ payload }) => payload['run_id'] === runId).map(({ payload }) => payload['seq'])).toEqual([1, 2]);
  });

  it('are quiet for those who left', async () => {
    const { ask, heard, next } = await connect(owner.token);
    expect(await ask('leave_training_session', { session_id: session.ref })).toMatchObject({ status: 'success', session_id: session.ref });
    await ask('join_training_session', { session_id: session.ref });
    await ask('leave_training_session', { session_id: session.uuid });
    const other = await connect(owner.token);
    await other.ask('join_training_session', { session_id: session.ref });
    await emitProgress(randomUUID(), 1);
    await other.next('training_progress');
    await next('training_session_left', 2);
    expect(heard.map(({ event }) => event)).not.toContain('training_progress');
  });

  it.each([
    [undefined, 'BAD_REQUEST'],
    ['text', 'BAD_REQUEST'],
    [[], 'BAD_REQUEST'],
    [{}, 'BAD_REQUEST'],
    [{ session_id: 'a', sessionId: 'b' }, 'BAD_REQUEST'],
    [{ session_id: 5 }, 'BAD_UUID'],
    [{ session_id: '../x' }, 'BAD_UUID'],
    [{ session_id: 'session_1_nobody' }, 'SESSION_NOT_FOUND'],
    [{ session_id: randomUUID() }, 'SESSION_NOT_FOUND'],
  ])('refuse %j with %s', async (payload, code) => {
    const { ask, next } = await connect(owner.token);
    expect(await ask('join_training_session', payload)).toMatchObject({ status: 'error', code });
    expect(await next('training_session_error')).toMatchObject({ status: 'error', code });
  });

  it('are closed when their session is deleted', async () => {
    const doomed = await openSession(owner);
    const { ask, heard, next } = await connect(owner.token);
    await ask('join_training_session', { session_id: doomed.ref });
    await ask('join_training_session', { session_id: session.ref });
    await api(owner.token).post(`/session/${doomed.ref}/delete`);
    expect(await next('session_deleted')).toMatchObject({ session_id: doomed.ref, session_uuid: doomed.uuid });
    await emitter.emit(sessionRoom(doomed.uuid), 'training_progress', { run_id: 'late', seq: 1 });
    await emitProgress('other', 1);
    expect(await next('training_progress')).toMatchObject({ run_id: 'other' });
    expect(heard.some(({ payload }) => payload['run_id'] === 'late')).toBe(false);
  });
});

describe('replay', () => {
  let replayed: TestSession;
  let job: TrainingJob;
  beforeAll(async () => {
    replayed = await openSession(owner);
    job = trainingOf(owner, replayed);
  });

  const join = async () => {
    const client = await connect(owner.token);
    await client.ask('join_training_session', { session_id: replayed.ref });
    return client;
  };

  it('is empty for a session in which nothing ever happened', async () => {
    const { ask, heard } = await join();
    expect(await ask('request_training_status', { session_id: replayed.ref })).toMatchObject({
      status: 'not_found',
      run_id: null,
      models_trained: 0,
    });
    expect(await ask('request_dataset_status', { session_id: replayed.ref })).toMatchObject({
      status: 'not_found',
      processing_stopped: false,
    });
    expect(heard.filter(({ payload }) => payload['replay'])).toEqual([]);
  });

  it('tells a queued run, then its last stored progress with its own number and time, then only its end', async () => {
    const workflowId = jobWorkflowId('training', replayed.uuid);
    const begun = await store.service.beginJob({ userId: owner.id, job, workflowId, kind: 'training', chargeKey: `training:${job.runId}` });
    expect(begun.outcome).toBe('started');
    const queued = await (await join()).next('training_progress');
    expect(queued).toMatchObject({
      replay: true,
      status: 'queued',
      phase: 'queued',
      progress_percent: 0,
      run_id: job.runId,
      session_id: replayed.ref,
    });

    await store.service.openRun(job.runId, 'a-temporal-run');
    await store.service.recordProgress(job.runId, { attempt: true });
    const source = { sessionId: replayed.uuid, sessionRef: replayed.ref, runId: job.runId, job: 'training' as const };
    const at = new Date('2024-01-15T10:30:00.000Z');
    const facts = { status: 'running', phase: 'training', percent: 47, message: 'Training epoch 9/20', epoch: 9, totalEpochs: 20 } as const;
    const event = trainingProgress(source, 1_000_042, at, { ...facts, loss: 0.5, valLoss: null, etaSeconds: null, modelName: 'LIN' });
    await store.service.recordProgress(job.runId, { status: 'running', phase: 'training', progress: 47, seq: 1_000_042, lastEvent: event });
    const running = await (await join()).next('training_progress');
    expect(running).toEqual({ ...event, replay: true });

    await store.service.finishJob(job.runId, 'cancelled', {
      event: { ...event, status: 'cancelled', success: false },
      message: 'Training was cancelled',
    });
    const last = await join();
    const end = await last.next('training_cancelled');
    expect(end).toMatchObject({ replay: true, run_id: job.runId, status: 'cancelled', progress_percent: 47 });
    expect(end['seq']).toBeGreaterThan(1_000_042);
    expect(last.heard.map(({ event: name }) => name)).not.toContain('training_progress');
    expect(await last.ask('request_training_status', { session_id: replayed.ref })).toMatchObject({
      last_updated: expect.stringMatching(/Z$/) as string,
      run_id: job.runId,
      status: 'cancelled',
      progress_percent: 47,
    });
  }, 60_000);

  it('shows uploads that are not finished', async () => {
    const form = new FormData();
    form.set('metadata', JSON.stringify({ sessionId: replayed.ref, fileName: 'a.csv', chunkIndex: 1, totalChunks: 4, fileType: 'input' }));
    form.set('chunk', new Blob(['UTC;a\n']), 'a.csv');
    const { body } = await api(owner.token).form('/upload-chunk', form);
    const progress = await (await join()).next('upload_progress');
    expect(progress).toMatchObject({
      replay: true,
      upload_id: body['uploadId'],
      fileName: 'a.csv',
      received: 1,
      totalChunks: 4,
      status: 'receiving',
    });

    const byUpload = await connect(owner.token);
    expect(await byUpload.ask('join_upload_room', { uploadId: body['uploadId'] })).toEqual({ uploadId: body['uploadId'] });
    expect(await byUpload.next('upload_progress')).toMatchObject({ replay: true, upload_id: body['uploadId'] });
    const foreign = await connect(stranger.token);
    expect(await foreign.ask('join_upload_room', { uploadId: body['uploadId'] })).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('tokens and limits', () => {
  it('renews a token of the same user and keeps the rooms', async () => {
    const { ask, next } = await connect(owner.token);
    await ask('join_training_session', { session_id: session.ref });
    expect(await ask('authenticate', { token: owner.token })).toEqual({ expires_at: expect.stringMatching(/^\d{4}-.*Z$/) as string });
    await emitProgress('renewed', 1);
    expect(await next('training_progress')).toMatchObject({ run_id: 'renewed' });
  });

  it('cuts a socket that brings the token of somebody else', async () => {
    const { socket, ask } = await connect(owner.token);
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    expect(await ask('authenticate', { token: stranger.token })).toMatchObject({ status: 'error', code: 'INVALID_TOKEN' });
    await gone;
    expect(socket.connected).toBe(false);
  });

  it('hears the acknowledgement wherever the callback stands', async () => {
    const { socket } = await connect(owner.token);
    const acknowledged = (...sent: unknown[]): Promise<unknown> =>
      new Promise((resolve) => socket.emit('leave_training_session', ...sent, resolve));
    expect(await acknowledged()).toMatchObject({ status: 'error', code: 'BAD_REQUEST' });
    expect(await acknowledged('text')).toMatchObject({ status: 'error', code: 'BAD_REQUEST' });
    expect(await acknowledged({ session_id: session.ref }, 'more')).toMatchObject({ status: 'success', session_id: session.ref });
  });

  it('cannot be opened with a header or a request line beyond 16 KiB', async () => {
    const handshake = `${target().api}/socket.io/?EIO=4&transport=polling`;
    const long = 'x'.repeat(17_000);
    for (const [url, headers] of [
      [handshake, { 'X-Long': long }],
      [`${handshake}&long=${long}`, {}],
    ] as const) {
      const answer = await fetch(url, { headers });
      expect([answer.status, await answer.json()]).toMatchObject([431, { success: false, code: 'HEADERS_TOO_LARGE' }]);
    }
    expect((await fetch(handshake)).status).toBe(200);
  });

  it('answers at most 30 messages a second', async () => {
    const { socket, next } = await connect(owner.token);
    for (let k = 0; k < 100; k += 1) socket.emit('request_dataset_status', { session_id: session.ref });
    expect(await next('rate_limited')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(socket.connected).toBe(true);
  });

  it('gives a user 20 sockets', async () => {
    const user = await signUpUser();
    for (let k = 0; k < 20; k += 1) await connect(user.token);
    const { socket, next } = await connect(user.token);
    expect(await next('rate_limited')).toMatchObject({ code: 'RATE_LIMITED', message: expect.any(String) as string });
    await waitFor(() => !socket.connected);
    closeSockets();
    await new Promise((resolve) => setTimeout(resolve, 500)); // the server notices the closed ones
    expect((await connect(user.token)).socket.connected).toBe(true);
  }, 60_000);

  it('closes a connection that sends more than 64 KiB at once', async () => {
    const { socket } = await connect(owner.token);
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('join_training_session', { session_id: 'x'.repeat(70_000) });
    await gone;
    expect(socket.connected).toBe(false);
  });
});
