import { Random, STREAM } from '../random';
import { percentiles } from './orderStatistics';

/** Shape of one violin: the outline as (value, density) pairs and the three quartiles. Same unit as the data. */
export interface Violin {
  min: number;
  max: number;
  /** 25, 50 and 75 % percentiles, linear interpolation */
  quartiles: [number, number, number];
  /** 100 equidistant values from min − 2·bandwidth to max + 2·bandwidth; empty for constant data */
  support: Float64Array;
  /** Gaussian kernel density at `support`, highest point = 1 */
  density: Float64Array;
}

const GRID_POINTS = 100;
const CUT_BANDWIDTHS = 2;
const VIOLIN_SEED = 42;
/** exp(−½·8.6²) is below the rounding of 1 */
const KERNEL_REACH = 8.6;
/** so that values crowded far from every grid point (an outlier outside the sample stretches the grid) still have a highest point */
const LEAST_KERNEL = 1e-300;
/** above this many values the density comes from a seeded subsample: 100 kernels a value cost more than the picture gains */
export const DENSITY_SAMPLE = 50_000;

/**
 * Violin of a set of values (pipeline.md 16.2): Gaussian kernel, bandwidth σ·n^(−1/5) (Scott's rule, σ with n − 1).
 * Extremes and percentiles always come from all values.
 *
 * @param values  at least one finite value; reordered
 */
export function violin(values: Float64Array): Violin {
  const sample = values.length > DENSITY_SAMPLE ? subsample(values) : values;
  const { min, max } = extremes(values);
  const bandwidth = standardDeviation(sample) * sample.length ** -0.2;
  const constant = !(bandwidth > 0) || min === max;
  const support = constant ? new Float64Array() : linspace(min - CUT_BANDWIDTHS * bandwidth, max + CUT_BANDWIDTHS * bandwidth, GRID_POINTS);
  const density = constant ? new Float64Array() : kernelDensity(sample, support, bandwidth);
  const [low = NaN, median = NaN, high = NaN] = percentiles(values, [0.25, 0.5, 0.75]);
  return { min, max, quartiles: [low, median, high], support, density };
}

function subsample(values: Float64Array): Float64Array {
  const picked = Random.stream(VIOLIN_SEED, STREAM.violinSubsample).sample(DENSITY_SAMPLE, values.length);
  return Float64Array.from(picked, (index) => values[index] ?? NaN);
}

function extremes(values: Float64Array): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

function standardDeviation(values: Float64Array): number {
  if (values.length < 2) return 0;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

function linspace(from: number, to: number, points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, k) => from + ((to - from) * k) / (points - 1));
}

/**
 * Σ exp(−½((g − x)/h)²) at every point g of an equidistant grid that encloses the sample, scaled to a maximum of 1.
 *
 * From one grid point to the next a kernel changes by a factor that itself changes by the constant exp(−Δ²), Δ = grid step / h:
 * three exponentials a value instead of a hundred. Beyond {@link KERNEL_REACH} bandwidths it is lost in rounding.
 */
function kernelDensity(sample: Float64Array, grid: Float64Array, bandwidth: number): Float64Array {
  const density = new Float64Array(grid.length);
  const last = grid.length - 1;
  const origin = grid[0] ?? 0;
  const step = ((grid[last] ?? 0) - origin) / last;
  const delta = step / bandwidth;
  const bend = Math.exp(-delta * delta);
  const reach = Math.ceil(KERNEL_REACH / delta);
  for (let i = 0; i < sample.length; i++) {
    const at = (sample[i]! - origin) / step;
    const nearest = Math.round(at);
    const z = (at - nearest) * delta;
    const peak = Math.max(Math.exp(-0.5 * z * z), LEAST_KERNEL);
    const rise = Math.exp((z - 0.5 * delta) * delta);
    const fall = Math.exp((-z - 0.5 * delta) * delta);
    density[nearest]! += peak;
    for (let g = nearest + 1, end = Math.min(nearest + reach, last), kernel = peak, factor = rise; g <= end; g++, factor *= bend)
      density[g]! += kernel *= factor;
    for (let g = nearest - 1, end = Math.max(nearest - reach, 0), kernel = peak, factor = fall; g >= end; g--, factor *= bend)
      density[g]! += kernel *= factor;
  }
  const highest = density.reduce((a, b) => Math.max(a, b), 0);
  return density.map((value) => value / highest);
}
