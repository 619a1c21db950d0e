import type { Activation } from '../../domain/settings/types';
import type { Initializer, Layer, Network, ProblemShape, WeightSpec } from './types';

const ZERO: Initializer = { kind: 'constant', value: 0 };

/** Collects the layers of a network with their weights, named as Keras names them. */
export class NetworkBuilder {
  private readonly layers: Layer[] = [];
  private readonly weights: WeightSpec[] = [];

  flatten(): this {
    this.layers.push({ kind: 'flatten', name: this.nameFor('flatten') });
    return this;
  }

  /** @param shape without the windows' axis */
  reshape(...shape: number[]): this {
    this.layers.push({ kind: 'reshape', name: this.nameFor('reshape'), shape });
    return this;
  }

  dense(inputs: number, units: number, activation: Activation, kernel: Initializer = glorot(inputs, units)): this {
    const name = this.nameFor('dense');
    this.layers.push({ kind: 'dense', name, inputs, units, activation });
    return this.weight(name, 'kernel', [inputs, units], kernel).weight(name, 'bias', [units], ZERO);
  }

  conv2d(edge: number, inputs: number, filters: number, activation: Activation, kernel?: Initializer): this {
    const name = this.nameFor('conv2d');
    this.layers.push({ kind: 'conv2d', name, kernelEdge: edge, inputs, filters, activation });
    const drawn = kernel ?? glorot(edge * edge * inputs, edge * edge * filters);
    return this.weight(name, 'kernel', [edge, edge, inputs, filters], drawn).weight(name, 'bias', [filters], ZERO);
  }

  lstm(inputs: number, units: number, activation: Activation): this {
    const name = this.nameFor('lstm');
    this.layers.push({ kind: 'lstm', name, inputs, units, activation });
    return this.weight(name, 'kernel', [inputs, 4 * units], glorot(inputs, 4 * units))
      .weight(name, 'recurrent_kernel', [units, 4 * units], { kind: 'orthogonal', units })
      .weight(name, 'bias', [4 * units], { kind: 'forgetGate', units });
  }

  /** The layer of the forecast: linear, its kernel zero, so that the first forecast is 0. */
  denseHead(inputs: number, units: number): this {
    return this.dense(inputs, units, 'linear', ZERO);
  }

  /** The forecast as an image of one channel: a linear 1 × 1 convolution with a zero kernel. */
  imageHead(inputs: number): this {
    return this.conv2d(1, inputs, 1, 'linear', ZERO);
  }

  build(name: string, shape: ProblemShape): Network {
    return { name, shape, layers: this.layers, weights: this.weights };
  }

  private weight(layer: string, part: string, shape: readonly number[], initializer: Initializer): this {
    this.weights.push({ name: `${layer}/${part}`, shape, initializer });
    return this;
  }

  /** Keras counts from the second layer of a kind on. */
  private nameFor(kind: Layer['kind']): string {
    const earlier = this.layers.filter((layer) => layer.kind === kind).length;
    return earlier === 0 ? kind : `${kind}_${earlier}`;
  }
}

const glorot = (fanIn: number, fanOut: number): Initializer => ({ kind: 'glorotUniform', fanIn, fanOut });
