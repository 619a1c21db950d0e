/** Steps people count in; matplotlib's choice. */
const STEPS = [1, 2, 2.5, 5];
const WHOLE_STEPS = [1, 2, 5];
/** Larger or smaller than this, an axis is labelled in a power of ten. */
const LARGEST_PLAIN = 1e5;
const SMALLEST_PLAIN = 1e-3;

/**
 * Round numbers between two bounds: as many as `most` allows, and at least two, for one alone shows no scale.
 *
 * @param most   ≥ 2; three may come for two where the next coarser step leaves one
 * @param whole  only whole numbers, then possibly fewer than two
 */
export function numberTicks(low: number, high: number, most: number, whole = false): number[] {
  if (!(high > low) || high - low === Infinity) return [low];
  const finest = Math.floor(Math.log10((high - low) / most));
  let chosen: StepMultiples | null = null;
  for (let power = whole ? Math.max(finest, 0) : finest; ; power++) {
    for (const factor of whole ? WHOLE_STEPS : STEPS) {
      const coarser = multiples(low, high, factor * 10 ** power);
      if (coarser.count < 2 && chosen) return listed(chosen);
      chosen = coarser;
      if (chosen.count <= most) return listed(chosen);
    }
  }
}

/** first·step, (first + 1)·step, … */
interface StepMultiples {
  step: number;
  first: number;
  count: number;
}

/** Multiples of a step within the bounds; those that miss them by rounding count. */
function multiples(low: number, high: number, step: number): StepMultiples {
  const first = Math.ceil(low / step - 1e-9);
  return { step, first, count: Math.max(Math.floor(high / step + 1e-9) - first + 1, 0) };
}

const listed = ({ step, first, count }: StepMultiples): number[] => Array.from({ length: count }, (_, k) => cleaned((first + k) * step));

/** Texts of an axis, large or small numbers in a power of ten that is told apart (0 = none). */
export function numberTexts(ticks: readonly number[]): { texts: string[]; exponent: number } {
  const largest = Math.max(...ticks.map(Math.abs));
  const plain = largest === 0 || (largest < LARGEST_PLAIN && largest >= SMALLEST_PLAIN);
  const exponent = plain ? 0 : Math.floor(Math.log10(largest) + 1e-12);
  return { texts: alignedTexts(exponent === 0 ? ticks : ticks.map((tick) => tick / 10 ** exponent)), exponent };
}

/** Numbers as matplotlib writes them: all with the same decimals, without grouping marks, with a true minus sign. */
export function alignedTexts(values: readonly number[]): string[] {
  const decimals = Math.max(...values.map(decimalsOf));
  return values.map((value) => value.toFixed(decimals).replace('-', '\u2212'));
}

/** A number without the noise of binary fractions. */
const cleaned = (value: number): number => Number(value.toPrecision(12));

const decimalsOf = (value: number): number => {
  const [mantissa = '', exponent = '0'] = String(cleaned(value)).split('e');
  const digits = mantissa.split('.')[1]?.length ?? 0;
  return Math.min(Math.max(digits - Number(exponent), 0), 12);
};
