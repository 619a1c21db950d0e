import { arraySamples, describeNetwork, initialWeights, openBackend } from '../../src/training';
import type { NetworkBackend, TrainableNetwork } from '../../src/training';
import { atTheBeginning, fitNetwork } from '../../src/training/fit';
import type { FitObserver, FitPlan, FitSnapshot } from '../../src/training/fit';
import { BACKENDS, dense } from './support';

/** 100 windows of 4 → 2 that a straight line does not explain. */
const inputs = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * 0.7));
const outputs = Float32Array.from({ length: 200 }, (_, i) => Math.abs(Math.sin(i * 1.4)));
const network = describeNetwork(dense(4, 8), { inputSteps: 4, inputFeatures: 1, outputSteps: 2, outputFeatures: 1 });
const plan: FitPlan = { trainCount: 80, validation: { count: 20, inputs: inputs.slice(320), outputs: outputs.slice(160) }, epochs: 4 };
const silent: FitObserver = { onBatch: () => undefined, onEpoch: () => undefined };

describe.each(BACKENDS)('training on the %s back end', (choice) => {
  let backend: NetworkBackend;
  beforeAll(async () => {
    backend = await openBackend(choice);
  });
  const fresh = (): TrainableNetwork =>
    backend.create(network, initialWeights(network, 5), arraySamples(inputs.subarray(0, 320), 4, outputs.subarray(0, 160), 2));

  it('goes on bit for bit from the middle of an epoch', async () => {
    const whole = fresh();
    const taken: FitSnapshot[] = [];
    const watcher: FitObserver = {
      ...silent,
      onBatch(progress, position, snapshot) {
        if (progress.epoch === 2 && position.batch === 2) taken.push(snapshot());
      },
    };
    const expected = await fitNetwork(whole, plan, atTheBeginning(5), [], watcher);

    const [snapshot] = taken;
    expect(snapshot!.progress).toMatchObject({ epoch: 2, batch: 2 });
    const second = fresh();
    second.writeWeights(snapshot!.weights);
    second.writeOptimizer(snapshot!.optimizer);
    const result = await fitNetwork(second, plan, snapshot!.progress, snapshot!.best, silent);
    expect(result).toEqual(expected);
    expect(second.readWeights()).toEqual(whole.readWeights());
    whole.dispose();
    second.dispose();
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
