import { Random, STREAM } from '../../domain/random';
import { orthogonalRows } from './orthogonal';
import { elementCount } from './types';
import type { Initializer, Network } from './types';

/**
 * First weights of a network (pipeline.md 13.2): drawn in float64 from stream 2 of the seed, in weight order, row-major,
 * then rounded to float32. Independent of the back end. Constant tensors draw nothing.
 *
 * @param seed integer 0 … 4 294 967 295
 */
export function initialWeights(network: Network, seed: number): Float32Array[] {
  const random = Random.stream(seed, STREAM.initialWeights);
  return network.weights.map(({ shape, initializer }) => draw(initializer, elementCount(shape), random));
}

function draw(initializer: Initializer, count: number, random: Random): Float32Array {
  const values = new Float32Array(count);
  switch (initializer.kind) {
    case 'constant':
      return values.fill(initializer.value);
    case 'forgetGate':
      return values.fill(1, initializer.units, 2 * initializer.units);
    case 'glorotUniform': {
      // uniform in ±√(6/(fan_in + fan_out)), Glorot & Bengio (2010)
      const limit = Math.sqrt(6 / (initializer.fanIn + initializer.fanOut));
      for (let i = 0; i < count; i++) values[i] = (2 * random.uniform() - 1) * limit;
      return values;
    }
    case 'orthogonal':
      orthogonalRows(initializer.units, random).forEach((row, i) => values.set(row, i * row.length));
      return values;
  }
}
