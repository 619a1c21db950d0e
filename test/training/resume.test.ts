import fs from 'node:fs';
import path from 'node:path';
import type { ModelSettings } from '../../src/domain/settings/types';
import { runTraining, TrainingMoves } from '../../src/training';
import type { ChildMessage, TrainingOutput, TrainingSpec } from '../../src/training';
import { BACKENDS, cnn, dense, lstm, ofType, removeTemporaryFolders, specFor, storeDataset, temporaryFolder } from './support';
import type { TestDataset } from './support';

const never = new AbortController().signal;
jest.setTimeout(180_000);

let small: TestDataset;
let large: TestDataset;
beforeAll(() => {
  small = storeDataset(400);
  large = storeDataset(20_000);
});
afterAll(removeTemporaryFolders);

/** What another worker finds: the newest checkpoint that the first one could store. */
class Storage {
  readonly dir = temporaryFolder('storage');
  epochs: number[] = [];
  take({ epoch, dir }: { epoch: number; dir: string }): void {
    this.epochs.push(epoch);
    fs.cpSync(dir, this.dir, { recursive: true });
  }
}

const train = async (spec: TrainingSpec): Promise<{ output: TrainingOutput; messages: ChildMessage[] }> => {
  const messages: ChildMessage[] = [];
  const output = await runTraining(spec, { signal: never, onMessage: (message) => void messages.push(message) });
  return { output, messages };
};
const resumed = (spec: TrainingSpec, storage: Storage): TrainingSpec => ({
  ...spec,
  outDir: temporaryFolder('second'),
  resumeDir: storage.dir,
});

/** Runs until a message of the child calls for a signal to it. */
async function killed(
  spec: TrainingSpec,
  storage: Storage,
  signal: NodeJS.Signals,
  when: (message: ChildMessage) => boolean,
): Promise<void> {
  let pid = 0;
  let done = false;
  const run = runTraining(spec, {
    signal: never,
    onMessage(message) {
      if (message.type === 'started') pid = message.pid;
      if (message.type === 'checkpoint') storage.take(message);
      if (done || !when(message)) return;
      done = true;
      process.kill(pid, signal);
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'CRASHED', retryable: true, context: { signal } });
}

/** Runs until the worker is asked to stop in the middle of an epoch. */
async function moved(spec: TrainingSpec, storage: Storage, epoch: number): Promise<ChildMessage[]> {
  const move = new AbortController();
  const messages: ChildMessage[] = [];
  const run = runTraining(spec, {
    signal: never,
    move: move.signal,
    onMessage(message) {
      messages.push(message);
      if (message.type === 'checkpoint') storage.take(message);
      if (message.type !== 'progress' || (message.epoch ?? 0) < epoch) return;
      if ((message.batch ?? 0) > 0 && message.batch !== message.totalBatches) move.abort();
    },
  });
  await expect(run).rejects.toBeInstanceOf(TrainingMoves);
  return messages;
}

/** Everything a training leaves, but the times it took; files of HDF5 carry the time they were written at, their weights are those of `bin`. */
const results = ({ forecastFile, training, models, ...rest }: TrainingOutput) => ({
  ...rest,
  training: { ...training, duration_s: null, system: null },
  models: models.map(({ filename, format, sizeBytes, sha256 }) => ({
    filename,
    sizeBytes,
    sha256: format === 'h5' || format === 'keras' ? null : sha256,
  })),
  forecast: fs.readFileSync(forecastFile).toString('base64'),
});

describe.each(BACKENDS)('on the %s back end', (backend) => {
  describe('a training whose process is killed', () => {
    let undisturbed: TrainingOutput;
    beforeAll(async () => {
      ({ output: undisturbed } = await train(specFor(small, dense(8), { backend })));
    });

    it.each([1, 4, 8])('after epoch %i of 8 goes on from its checkpoint to the same bytes', async (epoch) => {
      const spec = specFor(small, dense(8), { backend });
      const storage = new Storage();
      await killed(spec, storage, 'SIGKILL', (message) => message.type === 'checkpoint' && message.epoch >= epoch);
      const { output, messages } = await train(resumed(spec, storage));
      expect(ofType(messages, 'epoch')[0]?.epoch).toBe(storage.epochs.at(-1) === 8 ? undefined : storage.epochs.at(-1)! + 1);
      expect(results(output)).toEqual(results(undisturbed));
    });

    it('by a fault of memory access is said to have crashed, and goes on all the same', async () => {
      const spec = specFor(small, dense(8), { backend });
      const storage = new Storage();
      await killed(spec, storage, 'SIGSEGV', (message) => message.type === 'checkpoint' && message.epoch >= 2);
      const { output } = await train(resumed(spec, storage));
      expect(results(output)).toEqual(results(undisturbed));
    });

    it('starts again when its checkpoint is damaged, to the same bytes', async () => {
      const spec = specFor(small, dense(8), { backend });
      const storage = new Storage();
      await killed(spec, storage, 'SIGKILL', (message) => message.type === 'checkpoint' && message.epoch >= 2);
      const file = path.join(storage.dir, 'checkpoint.bin');
      fs.truncateSync(file, fs.statSync(file).size - 7);
      const { output, messages } = await train(resumed(spec, storage));
      expect(ofType(messages, 'epoch')[0]!.epoch).toBe(1);
      expect(results(output)).toEqual(results(undisturbed));
    });
  });

  describe('a training whose worker is asked to stop in the middle of an epoch', () => {
    /** epochs of some tenths of a second: progress is told five times a second */
    const model = backend === 'native' ? dense(6, 512, 3) : dense(6, 128, 3);
    let undisturbed: TrainingOutput;
    beforeAll(async () => {
      ({ output: undisturbed } = await train(specFor(large, model, { backend })));
    });

    it('goes on elsewhere from that very step: same bytes, no epoch told twice, no progress lost', async () => {
      const spec = specFor(large, model, { backend });
      const storage = new Storage();
      const before = await moved(spec, storage, 2);
      expect(before.filter(({ type }) => type === 'stopped')).toHaveLength(1);

      const { output, messages } = await train(resumed(spec, storage));
      expect(results(output)).toEqual(results(undisturbed));
      const epochs = [...ofType(before, 'epoch'), ...ofType(messages, 'epoch')].map(({ epoch }) => epoch);
      const ran = undisturbed.training['epochs_run'] as number;
      expect(epochs).toEqual(Array.from({ length: ran }, (_, i) => i + 1));
      const fractions = [...before, ...messages].flatMap((message) =>
        message.type === 'progress' && message.stage === 'training' ? [message.fraction] : [],
      );
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      // the figures of both processes
      expect(output.training['system']).toMatchObject({ epoch_seconds: { length: ran }, rss_mb: { length: ran } });
    });

    it('goes on although it is asked again and again', async () => {
      let spec = specFor(large, model, { backend });
      for (const epoch of [1, 2, 3]) {
        const storage = new Storage();
        await moved(spec, storage, epoch);
        spec = resumed(spec, storage);
      }
      expect(results((await train(spec)).output)).toEqual(results(undisturbed));
    });
  });
});

const kinds: [string, ModelSettings][] = [
  ['CNN', cnn(4)],
  ['LSTM', lstm(4)],
  ['AR LSTM', lstm(4, 8, 2, 'tanh', 'AR LSTM')],
];
describe.each(BACKENDS)('on the %s back end', (backend) => {
  it.each(kinds)('a killed %s goes on to the same bytes', async (_kind, model) => {
    const { output: undisturbed } = await train(specFor(small, model, { backend }));
    const spec = specFor(small, model, { backend });
    const storage = new Storage();
    await killed(spec, storage, 'SIGKILL', (message) => message.type === 'checkpoint' && message.epoch >= 2);
    expect(results((await train(resumed(spec, storage))).output)).toEqual(results(undisturbed));
  });
});

describe('a model without epochs', () => {
  it('moves with nothing in its hands and starts again', async () => {
    const move = new AbortController();
    const run = runTraining(specFor(large, { kind: 'LIN' }), {
      signal: never,
      move: move.signal,
      onMessage: ({ type }) => (type === 'progress' ? move.abort() : undefined),
    });
    await expect(run).rejects.toBeInstanceOf(TrainingMoves);
  });
});

describe('a signal to the whole group of a worker', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s does not end its training: the worker decides', async (signal) => {
    let pid = 0;
    const { training } = await runTraining(specFor(small, dense(8)), {
      signal: never,
      onMessage(message) {
        if (message.type === 'started') pid = message.pid;
        if (message.type === 'epoch' && message.epoch === 2) process.kill(pid, signal);
      },
    });
    expect(training['epochs_run']).toBe(8);
  });
});
