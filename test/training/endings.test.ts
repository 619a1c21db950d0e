/** How a training process ends that is not let finish. */
import { runTraining, TrainingCancelled, TrainingMoves } from '../../src/training';
import type { ChildMessage, TrainingProgress, TrainingSpec } from '../../src/training';
import { BACKENDS, dense, ofType, removeTemporaryFolders, specFor, storeDataset } from './support';
import type { TestDataset } from './support';

const never = new AbortController().signal;
jest.setTimeout(60_000);
/** Together with the way there and back a cancel has 3 s. */
const GONE_WITHIN_MS = 2_500;

let data: TestDataset;
beforeAll(() => {
  data = storeDataset(20_000);
});
afterAll(removeTemporaryFolders);

type When = (message: ChildMessage, pid: number) => boolean;

/** Runs a training that is to end as soon as a message says so; how long its process outlived that. */
async function endWhen(how: 'signal' | 'move', spec: TrainingSpec, when: When): Promise<{ ms: number; messages: ChildMessage[] }> {
  const controller = new AbortController();
  const messages: ChildMessage[] = [];
  let [asked, pid] = [0, 0];
  const run = runTraining(spec, {
    signal: never,
    [how]: controller.signal,
    onMessage(message) {
      messages.push(message);
      if (message.type === 'started') pid = message.pid;
      if (asked > 0 || !when(message, pid)) return;
      asked = performance.now();
      controller.abort();
    },
  });
  await expect(run).rejects.toBeInstanceOf(how === 'signal' ? TrainingCancelled : TrainingMoves);
  if (pid > 0) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  return { ms: performance.now() - asked, messages };
}

const inTheMiddle: When = (message) =>
  message.type === 'progress' && (message.batch ?? 0) > 0 && (message.batch ?? 0) < (message.totalBatches ?? 0);
const stopsListening: When = (message, pid) => inTheMiddle(message, pid) && process.kill(pid, 'SIGSTOP');

describe.each(BACKENDS)('a cancel on the %s back end', (backend) => {
  const spec = (epochs: number): TrainingSpec => specFor(data, dense(epochs, 128, 3), { backend });
  const stages: [TrainingProgress['stage'], string][] = [
    ['loading', 'the dataset is opened'],
    ['predicting', 'it forecasts'],
    ['saving', 'it writes its files'],
  ];
  it.each(stages)('ends a training in its stage %s, while %s', async (stage) => {
    const { ms, messages } = await endWhen('signal', spec(1), (message) => message.type === 'progress' && message.stage === stage);
    expect(ms).toBeLessThan(GONE_WITHIN_MS);
    expect(ofType(messages, 'checkpoint').length).toBe(stage === 'loading' ? 0 : 1);
  });

  it('ends a training between two steps, without another word of progress', async () => {
    const { ms, messages } = await endWhen('signal', spec(500), inTheMiddle);
    expect(ms).toBeLessThan(GONE_WITHIN_MS);
    expect(messages.at(-1)).toEqual({ type: 'stopped' });
  });

  it('ends a process that no longer listens', async () => {
    const { ms } = await endWhen('signal', spec(500), stopsListening);
    expect(ms).toBeLessThan(GONE_WITHIN_MS);
  });
});

describe('the stop of a worker', () => {
  it('ends a training process that no longer listens; its last checkpoint is what another one goes on from', async () => {
    const { messages } = await endWhen('move', specFor(data, dense(500, 512, 3)), (message, pid) =>
      message.type === 'progress' && (message.epoch ?? 0) >= 2 ? stopsListening(message, pid) : false,
    );
    expect(ofType(messages, 'stopped')).toHaveLength(0);
    const begun = ofType(messages, 'progress').at(-1)?.epoch ?? 0;
    expect(ofType(messages, 'checkpoint').at(-1)?.epoch).toBe(begun - 1);
  });

  it('starts nothing', async () => {
    const move = AbortSignal.abort();
    await expect(runTraining(specFor(data, dense(1)), { signal: never, move, onMessage: () => undefined })).rejects.toThrow(TrainingMoves);
  });
});
