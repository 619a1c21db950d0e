import { civilDate, DAY_US, dayNumber } from '../calendar';

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const HOUR_US = 60 * MINUTE_US;

/** Distances of ticks up to two weeks; beyond, whole months. */
const STEPS_US = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n * 1000),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND_US),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE_US),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_US),
  ...[1, 2, 4, 7, 14].map((n) => n * DAY_US),
];
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000];
const MONTH_US = 30 * DAY_US;

/**
 * Round instants (UTC) between two bounds: the finest step that gives no more than `most` ≥ 2, or the next finer one where that leaves
 * fewer than two.
 *
 * @param low  µs since 1970
 */
export function timeTicks(low: number, high: number, most: number): number[] {
  let ticks: number[] = [];
  const worthwhile = (high - low) / (4 * most); // finer steps give far too many
  const tryStep = (step: number, list: (step: number) => number[]): number[] | null => {
    if (step < worthwhile) return null;
    const coarser = list(step);
    if (coarser.length < 2 && ticks.length > 0) return ticks;
    ticks = coarser;
    return ticks.length <= most ? ticks : null;
  };
  for (const step of STEPS_US) {
    const found = tryStep(step, (one) => uniformTicks(low, high, one));
    if (found) return found;
  }
  for (const months of STEPS_MONTHS) {
    const found = tryStep(months * MONTH_US, () => monthTicks(low, high, months));
    if (found) return found;
  }
  return ticks;
}

function uniformTicks(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(Math.floor(high / step) - first + 1, 0) }, (_, k) => (first + k) * step);
}

/** First days of every n-th month. */
function monthTicks(low: number, high: number, months: number): number[] {
  const { year, month } = civilDate(Math.floor(low / DAY_US));
  const ticks: number[] = [];
  for (let n = Math.ceil((year * 12 + month - 1) / months) * months; ; n += months) {
    const tick = dayNumber(Math.floor(n / 12), (n % 12) + 1, 1) * DAY_US;
    if (tick > high) return ticks;
    if (tick >= low) ticks.push(tick);
  }
}

/** Short texts: the clock, at midnight the date `MM-DD`; `YYYY-MM` where all ticks are first days of months. */
export function timeTexts(ticks: readonly number[]): string[] {
  const months = ticks.length > 0 && ticks.every((tick) => tick % DAY_US === 0 && civilDate(tick / DAY_US).day === 1);
  const withSeconds = ticks.some((tick) => tick % MINUTE_US !== 0);
  return ticks.map((tick) => {
    const day = Math.floor(tick / DAY_US);
    const inDay = tick - day * DAY_US;
    const { year, month, day: dayOfMonth } = civilDate(day);
    if (months && ticks.length > 1) return `${String(year).padStart(4, '0')}-${two(month)}`;
    if (inDay === 0) return `${two(month)}-${two(dayOfMonth)}`;
    const clock = `${two(Math.floor(inDay / HOUR_US))}:${two(Math.floor(inDay / MINUTE_US) % 60)}`;
    return withSeconds ? `${clock}:${secondsText((inDay % MINUTE_US) / SECOND_US)}` : clock;
  });
}

const two = (value: number): string => String(value).padStart(2, '0');

const secondsText = (seconds: number): string =>
  Number.isInteger(seconds) ? two(seconds) : seconds.toFixed(6).padStart(9, '0').replace(/0+$/, '');
