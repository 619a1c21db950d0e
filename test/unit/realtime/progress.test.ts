import { createLogger } from '../../../src/log';
import { Pacer, RunClosed, trackProgress } from '../../../src/realtime';
import type { JobProgress, ProgressRun } from '../../../src/realtime';
import type { ProgressPatch, ProgressRow } from '../../../src/store';

const MILLION = 1_000_000;
const ORDER = ['queued', 'loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed'];

/** A progress row that keeps the rules of record_progress (data-model.md 5). */
class Row {
  row = { status: 'queued', phase: 'queued', overall_progress: 0, seq: 0, message: null, last_event: null } as unknown as ProgressRow;
  readonly patches: ProgressPatch[] = [];
  readonly logs: { seq: number; event: string }[] = [];
  closed = false;
  down = false;

  readonly service = {
    recordProgress: (_: string, patch: ProgressPatch): Promise<ProgressRow | null> => {
      if (this.down) return Promise.reject(new Error('database away'));
      this.patches.push(patch);
      if (this.closed) return Promise.resolve(null);
      const { row } = this;
      if (patch.attempt) row.seq = (Math.floor(row.seq / MILLION) + 1) * MILLION;
      if ((patch.seq ?? row.seq) < row.seq || (patch.progress ?? row.overall_progress) < row.overall_progress) return Promise.resolve(null);
      if (ORDER.indexOf(patch.phase ?? row.phase) < ORDER.indexOf(row.phase)) return Promise.resolve(null);
      Object.assign(row, {
        seq: patch.seq ?? row.seq,
        phase: patch.phase ?? row.phase,
        status: patch.status ?? row.status,
        overall_progress: patch.progress ?? row.overall_progress,
        last_event: patch.lastEvent ?? row.last_event,
      });
      return Promise.resolve({ ...row });
    },
    log: (entry: { seq: number; event: string }): Promise<void> => {
      this.logs.push(entry);
      return Promise.resolve();
    },
  };
}

interface Sent {
  name: string;
  payload: Record<string, unknown>;
  at: number;
  /** phase of the row when the event was sent */
  stored: string;
}

const RUN: ProgressRun = { sessionId: 'uuid', sessionRef: 'session_1_a', runId: 'run', job: 'training', modelName: 'Dense' };

function bench(job: ProgressRun['job'] = 'training') {
  const row = new Row();
  const sent: Sent[] = [];
  const pacer = new Pacer();
  const emit = (_: string | string[], name: string, payload: Record<string, unknown>): Promise<void> => {
    sent.push({ name, payload, at: Date.now(), stored: row.row.phase });
    return Promise.resolve();
  };
  const begin = (): Promise<JobProgress> =>
    trackProgress({ service: row.service, emit, log: createLogger('test', 'silent'), pacer }, { ...RUN, job });
  return { row, sent, begin, progress: () => sent.filter(({ name }) => name === 'training_progress') };
}

const numbers = (sent: readonly Sent[], key: string): number[] => sent.map(({ payload }) => Number(payload[key]));
const rising = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0));
const notFalling = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0));

beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2024, 0, 1) }));
afterEach(() => jest.useRealTimers());
const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
/** Closing waits until everything is sent, at the pace of its events. */
async function end(progress: JobProgress): Promise<void> {
  const closing = progress.close();
  await pass(3_000);
  await closing;
}

describe('progress of one run', () => {
  it('numbers the events of each attempt from its own million, so that a resumed run lies above everything sent before', async () => {
    const { row, sent, begin } = bench();
    const first = await begin();
    await first.enter('loading', 'Loading');
    await end(first);
    const second = await begin();
    await second.enter('training', 'Fitting');
    await end(second);
    expect(numbers(sent, 'seq')).toEqual([MILLION + 1, 2 * MILLION + 1]);
    expect(row.row.seq).toBe(2 * MILLION + 1);
  });

  it('stores a phase before it tells it', async () => {
    const { sent, begin } = bench();
    const progress = await begin();
    for (const phase of ['loading', 'dataset', 'training'] as const) await progress.enter(phase, phase);
    await end(progress);
    expect(sent.map(({ payload }) => payload['phase'])).toEqual(['loading', 'dataset', 'training']);
    for (const { payload, stored } of sent) expect(ORDER.indexOf(stored)).toBeGreaterThanOrEqual(ORDER.indexOf(String(payload['phase'])));
  });

  it('sends at most four training_progress in any second, drops none that begins a phase, and lets the percentage only rise', async () => {
    const { row, progress: sent, begin } = bench();
    const progress = await begin();
    const phases = ['loading', 'dataset', 'training', 'evaluation', 'persisting'] as const;
    for (const phase of phases) {
      await progress.enter(phase, phase);
      for (let i = 0; i <= 20; i += 1) {
        progress.report({ fraction: i / 20 });
        await pass(10);
      }
    }
    await end(progress);
    const times = sent().map(({ at }) => at);
    for (const from of times) expect(times.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(4);
    expect([...new Set(sent().map(({ payload }) => payload['phase']))]).toEqual([...phases]);
    expect(rising(numbers(sent(), 'seq'))).toBe(true);
    expect(notFalling(numbers(sent(), 'progress_percent'))).toBe(true);
    expect(Math.max(...numbers(sent(), 'progress_percent'))).toBeLessThan(100);
    expect(row.row.seq).toBeGreaterThanOrEqual(Math.max(...numbers(sent(), 'seq'))); // the next attempt gives no number again
  });

  it('keeps its distance from what another process may have sent just before it took the run over', async () => {
    const { progress: sent, begin } = bench();
    const progress = await begin();
    const begun = Date.now();
    await progress.enter('loading', 'Loading');
    await pass(1_000);
    expect((sent()[0]?.at ?? 0) - begun).toBeGreaterThan(250);
    await end(progress);
  });

  it('does not let a step wait for its last report: that is stored', async () => {
    const { row, progress: sent, begin } = bench();
    const progress = await begin();
    await pass(1_000);
    await progress.enter('persisting', 'Storing');
    progress.report({ fraction: 0.9, message: 'Stored' });
    const before = Date.now();
    await progress.close();
    expect(Date.now()).toBe(before);
    expect(sent().map(({ payload }) => payload['message'])).toEqual(['Storing']);
    expect(row.row.last_event).toMatchObject({ message: 'Stored', progress_percent: 98 });
  });

  it('writes the row at most once a second between phase changes', async () => {
    const { row, begin } = bench();
    const progress = await begin();
    await progress.enter('training', 'Fitting');
    const before = row.patches.length;
    for (let i = 0; i < 50; i += 1) {
      progress.report({ fraction: i / 50 });
      await pass(100);
    }
    // 5 s
    expect(row.patches.length - before).toBeLessThanOrEqual(5);
    expect(row.patches.length - before).toBeGreaterThanOrEqual(3);
    await end(progress);
  });

  it('is never silent for ten seconds in a running phase', async () => {
    const { progress: sent, begin } = bench();
    const progress = await begin();
    await progress.enter('training', 'Fitting the model');
    await pass(60_000);
    const times = sent().map(({ at }) => at);
    for (const [i, at] of times.slice(1).entries()) expect(at - (times[i] ?? 0)).toBeLessThanOrEqual(5_000);
    expect(times.length).toBeGreaterThanOrEqual(12);
    await end(progress);
  });

  it('drops no epoch, however fast they come', async () => {
    const { sent, begin } = bench();
    const progress = await begin();
    await progress.enter('training', 'Fitting');
    const facts = { totalEpochs: 40, loss: 0.5, rmse: 0.7, valLoss: Infinity, valRmse: null, durationSeconds: 0.01, etaSeconds: 65 };
    for (let epoch = 1; epoch <= 40; epoch += 1) progress.epoch({ epoch, ...facts });
    await end(progress);
    const metrics = sent.filter(({ name }) => name === 'training_metrics');
    expect(numbers(metrics, 'epoch')).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(metrics[0]?.payload).toMatchObject({ val_loss: null, accuracy: null, eta_formatted: '1:05' });
    expect(rising(numbers(sent, 'seq'))).toBe(true);
  });

  it('estimates no remaining time before 2 % of the epochs', async () => {
    const { sent, begin } = bench();
    const progress = await begin();
    await progress.enter('training', 'Fitting');
    const facts = { totalEpochs: 100, loss: 0.5, rmse: 0.7, valLoss: null, valRmse: null, durationSeconds: 0.01, etaSeconds: 65 };
    for (const epoch of [1, 2]) progress.epoch({ epoch, ...facts });
    await end(progress);
    const metrics = sent.filter(({ name }) => name === 'training_metrics').map(({ payload }) => payload);
    expect(metrics).toMatchObject([
      { epoch: 1, eta_seconds: null, eta_formatted: null },
      { epoch: 2, eta_seconds: 65, eta_formatted: '1:05' },
    ]);
  });

  it('goes on where the row is when an attempt is repeated: no earlier phase, no lower percentage', async () => {
    const { row, sent, begin } = bench();
    const first = await begin();
    await first.enter('training', 'Fitting');
    first.report({ fraction: 0.6 });
    await pass(2_000);
    await end(first);
    const reached = numbers(sent, 'progress_percent').at(-1) ?? 0;
    expect(reached).toBe(58); // 25 + 0.6·(80 − 25)

    const second = await begin();
    await second.enter('loading', 'Loading');
    second.report({ fraction: 1 });
    await pass(1_000);
    await second.enter('training', 'Fitting');
    second.report({ fraction: 0.2 });
    await pass(1_000);
    await end(second);
    expect(row.row).toMatchObject({ phase: 'training', overall_progress: 58 });
    expect(notFalling(numbers(sent, 'progress_percent'))).toBe(true);
  });

  it('tells no percentage before it is stored, so that a crash takes none back', async () => {
    const { row, progress: sent, begin } = bench();
    const progress = await begin();
    await progress.enter('training', 'Fitting');
    for (let i = 0; i <= 40; i += 1) {
      progress.report({ fraction: i / 40 });
      await pass(97);
      for (const percent of numbers(sent(), 'progress_percent')) expect(percent).toBeLessThanOrEqual(row.row.overall_progress);
    }
    // the worker is killed here; another attempt begins from the row
    const again = await begin();
    await again.enter('training', 'Fitting');
    again.report({ fraction: 0 });
    await pass(1_500);
    expect(notFalling(numbers(sent(), 'progress_percent'))).toBe(true);
    await end(again);
  });

  it('sends nothing more once the row refuses it, and says that the work is in vain', async () => {
    const { row, sent, begin } = bench();
    const progress = await begin();
    await progress.enter('loading', 'Loading');
    await pass(0);
    const before = sent.length;
    row.closed = true;
    await expect(progress.enter('dataset', 'Opening')).rejects.toThrow(RunClosed);
    expect(progress.refused.aborted).toBe(true);
    progress.report({ fraction: 1 });
    await pass(5_000);
    await end(progress);
    expect(sent).toHaveLength(before);
    await expect(begin()).rejects.toThrow(RunClosed);
  });

  it('survives a database that is away between phases, but not at one', async () => {
    const { row, progress: sent, begin } = bench();
    const progress = await begin();
    await progress.enter('training', 'Fitting');
    row.down = true;
    progress.report({ fraction: 0.5 });
    await pass(2_000);
    // sent, but with no percentage that a resumed run would have to take back
    expect(sent().length).toBeGreaterThanOrEqual(2);
    expect(numbers(sent(), 'progress_percent').at(-1)).toBe(25);
    await expect(progress.enter('evaluation', 'Evaluating')).rejects.toThrow('database away');
    await end(progress);
    expect(sent().map(({ payload }) => payload['phase'])).not.toContain('evaluation');
  });

  it('tells a dataset job by its steps, each with its translation key, and sends no training_progress', async () => {
    const { row, sent, begin } = bench('dataset');
    const progress = await begin();
    for (const step of ['starting', 'parsingComplete', 'ndatLoading', 'outputComplete', 'savingToDatabase'] as const) {
      await progress.step(step);
      await pass(1_000);
    }
    await end(progress);
    expect(new Set(sent.map(({ name }) => name))).toEqual(new Set(['dataset_status_update']));
    expect(sent.map(({ payload: { step, progress_percent: percent } }) => [step, percent])).toEqual([
      ['violin.progress.starting', 1],
      ['violin.progress.parsingComplete', 30],
      ['violin.progress.ndatLoading', 30],
      ['violin.progress.outputComplete', 95],
      ['violin.progress.savingToDatabase', 95],
    ]);
    expect(row.row).toMatchObject({ status: 'running', phase: 'persisting' });
  });

  it('leaves a training queued while its dataset is built, so that its place in the queue is true', async () => {
    const { row, progress: sent, begin } = bench();
    const progress = await begin();
    await progress.step('starting');
    await pass(1_000);
    await progress.step('ndatCreatingArrays');
    await pass(1_000);
    await end(progress);
    expect(row.row).toMatchObject({ status: 'queued', phase: 'queued', overall_progress: 0 });
    expect(sent().at(-1)?.payload).toMatchObject({
      status: 'queued',
      phase: 'queued',
      progress_percent: 0,
      message: 'Building the windows',
    });
  });
});
