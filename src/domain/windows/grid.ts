import { referenceTime, uniformStep } from './references';
import type { ReferenceTimes } from './references';
import type { WindowShape } from './shape';

/**
 * Common grid of all instants of a column (pipeline.md 9.5): window w of reference number r uses the cells
 * `r·windowStride + k·stepStride`, counted from the first reference considered.
 */
export interface SharedGrid {
  /** instant of cell 0, µs */
  origin: number;
  /** distance of the cells, µs */
  cell: number;
  windowStride: number;
  stepStride: number;
  length: number;
}

/**
 * Grid for the references first … last, or null when the instants share none or it would hold more than `largest` cells.
 * The grid's step is the greatest common divisor of the window step and the reference step.
 */
export function sharedGrid(
  references: ReferenceTimes,
  shape: WindowShape,
  first: number,
  last: number,
  largest: number,
): SharedGrid | null {
  const referenceStep = uniformStep(references);
  const span = shape.endUs - shape.startUs;
  const windowStep = span / (shape.steps - 1);
  if (referenceStep === null || !(windowStep > 0) || !Number.isInteger(windowStep)) return null;
  const cell = greatestCommonDivisor(windowStep, referenceStep);
  const length = ((last - first) * referenceStep + span) / cell + 1;
  if (length > largest) return null;
  return {
    origin: referenceTime(references, first) + shape.startUs,
    cell,
    windowStride: referenceStep / cell,
    stepStride: windowStep / cell,
    length,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
