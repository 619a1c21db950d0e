import path from 'node:path';
import { arraySamples, describeNetwork, evaluate, initialWeights, openBackend } from '../../src/training';
import type { HeldOutWindows, NetworkBackend, TrainableNetwork } from '../../src/training';
import { atTheBeginning, evaluateWithPauses, fitNetwork, readCheckpoint, writeCheckpoint } from '../../src/training/fit';
import type { FitObserver, FitPlan, FitSnapshot } from '../../src/training/fit';
import { BACKENDS, dense, removeTemporaryFolders, temporaryFolder } from './support';

/** 100 windows of 4 → 2 that a straight line does not explain. */
const inputs = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * 0.7));
const outputs = Float32Array.from({ length: 200 }, (_, i) => Math.abs(Math.sin(i * 1.4)));
const network = describeNetwork(dense(4, 8), { inputSteps: 4, inputFeatures: 1, outputSteps: 2, outputFeatures: 1 });
const plan: FitPlan = { trainCount: 80, validation: { count: 20, inputs: inputs.slice(320), outputs: outputs.slice(160) }, epochs: 4 };
/** Has nothing to do with the inputs: learning makes the forecast of these windows worse. */
const noise = Float32Array.from({ length: 40 }, (_, i) => -Math.abs(Math.sin(i * i * 12.9)));
const silent: FitObserver = { onBatch: () => undefined, onEpoch: () => undefined };

afterAll(removeTemporaryFolders);

describe.each(BACKENDS)('training on the %s back end', (choice) => {
  let backend: NetworkBackend;
  beforeAll(async () => {
    backend = await openBackend(choice);
  });
  const fresh = (): TrainableNetwork =>
    backend.create(network, initialWeights(network, 5), arraySamples(inputs.subarray(0, 320), 4, outputs.subarray(0, 160), 2));

  it('goes on bit for bit from every step, also when early stopping has begun to wait before it and ends the training after it', async () => {
    const hopeless = { ...plan, validation: { ...plan.validation, outputs: noise }, epochs: 30 };
    const whole = fresh();
    const taken: FitSnapshot[] = [];
    const keep = (_progress: unknown, _at: unknown, snapshot: () => FitSnapshot): void => void taken.push(snapshot());
    const expected = await fitNetwork(whole, hopeless, atTheBeginning(5), [], { onBatch: keep, onEpoch: keep });
    expect(expected).toMatchObject({ stoppedEarly: true });
    expect(expected.epochsRun).toBeLessThan(30);
    // 3 batches and the validation of each epoch, and its end
    expect(taken).toHaveLength(5 * expected.epochsRun);
    expect(taken.map(({ progress: { stopping } }) => stopping.wait)).toEqual(expect.arrayContaining([0, 1, 2]));

    const folder = path.join(temporaryFolder('fit'), 'checkpoint');
    for (const snapshot of taken) {
      writeCheckpoint(folder, 'fit', snapshot);
      const { progress, weights, optimizer, best } = readCheckpoint(folder, 'fit', network)!;
      const second = fresh();
      second.writeWeights(weights);
      second.writeOptimizer(optimizer);
      expect(await fitNetwork(second, hopeless, progress, best, silent)).toEqual(expected);
      expect(second.readWeights()).toEqual(whole.readWeights());
      second.dispose();
    }
    whole.dispose();
  });

  it('asks between the chunks of a long validation whether it may go on, without another result', async () => {
    const network = fresh();
    const many: HeldOutWindows = {
      count: 2500,
      inputs: new Float32Array(10_000).map((_, i) => Math.cos(i)),
      outputs: new Float32Array(5000),
    };
    let pauses = 0;
    expect(await evaluateWithPauses(network, many, () => void (pauses += 1))).toBe(evaluate(network, many));
    expect(pauses).toBe(3); // 1024 windows each
    network.dispose();
  });

  it('visits the windows in another order each epoch, as the seed says', async () => {
    const orders: number[][] = [];
    const network = fresh();
    const trainBatch = network.trainBatch.bind(network);
    network.trainBatch = (rows) => {
      orders.push([...rows]);
      return trainBatch(rows);
    };
    await fitNetwork(network, { ...plan, epochs: 2 }, atTheBeginning(5), [], silent);
    expect(orders.map(({ length }) => length)).toEqual([32, 32, 16, 32, 32, 16]);
    const [first, second] = [orders.slice(0, 3).flat(), orders.slice(3).flat()];
    const sorted = Array.from({ length: 80 }, (_, i) => i);
    expect([...first].sort((a, b) => a - b)).toEqual(sorted);
    expect([...second].sort((a, b) => a - b)).toEqual(sorted);
    expect(first).not.toEqual(second);
    network.dispose();
  });

  it('ends with the weights of its best epoch', async () => {
    const network = fresh();
    const perEpoch: Float32Array[][] = [];
    const result = await fitNetwork(network, plan, atTheBeginning(5), [], {
      ...silent,
      onEpoch: () => void perEpoch.push(network.readWeights()),
    });
    expect(network.readWeights()).toEqual(perEpoch[result.bestEpoch - 1]);
    network.dispose();
  });
});
