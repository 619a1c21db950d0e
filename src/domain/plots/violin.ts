import { Random, STREAM } from '../random';

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
/** above this many values the density comes from a seeded subsample: 100 kernels a value cost more than the picture gains */
export const DENSITY_SAMPLE = 50_000;

/**
 * Violin of a set of values (pipeline.md 16.2): Gaussian kernel, bandwidth σ·n^(−1/5) (Scott's rule, σ with n − 1).
 * Extremes and percentiles always come from all values.
 *
 * @param values  at least one finite value; sorted in place
 */
export function violin(values: Float64Array): Violin {
  const sample = values.length > DENSITY_SAMPLE ? subsample(values) : values.slice();
  values.sort();
  const min = values[0] ?? NaN;
  const max = values[values.length - 1] ?? NaN;
  const quartiles: [number, number, number] = [percentile(values, 0.25), percentile(values, 0.5), percentile(values, 0.75)];
  const bandwidth = standardDeviation(sample) * sample.length ** -0.2;
  if (!(bandwidth > 0) || min === max) return { min, max, quartiles, support: new Float64Array(), density: new Float64Array() };
  const support = linspace(min - CUT_BANDWIDTHS * bandwidth, max + CUT_BANDWIDTHS * bandwidth, GRID_POINTS);
  return { min, max, quartiles, support, density: kernelDensity(sample, support, bandwidth) };
}

function subsample(values: Float64Array): Float64Array {
  const picked = Random.stream(VIOLIN_SEED, STREAM.violinSubsample).sample(DENSITY_SAMPLE, values.length);
  return Float64Array.from(picked, (index) => values[index] ?? NaN);
}

/** Percentile of sorted values by linear interpolation between order statistics (numpy's default). */
function percentile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
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

/** Σ exp(−½((g − x)/h)²) at every grid point, scaled to a maximum of 1. */
function kernelDensity(sample: Float64Array, grid: Float64Array, bandwidth: number): Float64Array {
  const density = new Float64Array(grid.length);
  for (let g = 0; g < grid.length; g++) {
    const at = grid[g] ?? 0;
    let sum = 0;
    for (let i = 0; i < sample.length; i++) {
      const z = (at - (sample[i] ?? 0)) / bandwidth;
      sum += Math.exp(-0.5 * z * z);
    }
    density[g] = sum;
  }
  const peak = density.reduce((a, b) => Math.max(a, b), 0);
  return density.map((value) => value / peak);
}
