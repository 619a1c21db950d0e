import { startOfDate } from './timestamp';

const [ZERO, CR, LF, DASH, COMMA, DOT, COLON, SPACE, T] = [48, 13, 10, 45, 44, 46, 58, 32, 84];
const STAMP = 19; // bytes of `YYYY-MM-DD HH:MM:SS`
const MOST_DIGITS = 15; // below 2^53, whatever they are
/** No plain row is longer: stamp, separator, sign, digits, mark, line end. */
const LONGEST = STAMP + 2 + MOST_DIGITS + 3;
const SECOND_US = 1_000_000;

/** Powers of ten as far as the digits of a plain number reach. */
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** Value of two digits by their bytes as one number; beyond any clock where one is no digit. */
const PAIRS = new Uint8Array(65_536).fill(255);
for (let pair = 0; pair <= 99; pair++) PAIRS[(ZERO + Math.floor(pair / 10)) * 256 + ZERO + (pair % 10)] = pair;

/** Columns being filled. */
export interface RowStore {
  times: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  /** rows that are there */
  count: number;
  /** the last readable time stamp; NaN before the first */
  previousTime: number;
}

/**
 * Reads rows as long as they have the form that nearly all files consist of – `YYYY-MM-DD HH:MM:SS` (or with T), separator, nothing or digits with
 * a decimal mark, line end – and ascend in time. One pass without splitting: several times as fast as the general way, which takes
 * every other row and gives the same numbers.
 *
 * @returns position of the first row that is not plain, or that the store has no room for
 */
export function readPlainRows(bytes: Uint8Array, from: number, separator: number, decimalComma: boolean, store: RowStore): number {
  const { times, values } = store;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = decimalComma ? COMMA : DOT;
  const room = times.length;
  // the last row or two are left to the general way: no need to look for the end of the bytes at every step
  const last = bytes.length - LONGEST;
  let count = store.count;
  let previous = Number.isNaN(store.previousTime) ? -Infinity : store.previousTime;
  let [year, monthDay, dayEnd] = [-1, -1, -1];
  let dayStart = NaN;
  let position = from;
  while (count < room && position <= last) {
    if (view.getInt32(position) !== year || view.getInt32(position + 4) !== monthDay || view.getInt16(position + 8) !== dayEnd) {
      // NaN for what is no date
      dayStart = startOfDate(bytes, position);
      year = view.getInt32(position);
      monthDay = view.getInt32(position + 4);
      dayEnd = view.getInt16(position + 8);
    }
    const joint = bytes[position + 10]!;
    const hour = PAIRS[view.getUint16(position + 11)]!;
    const minute = PAIRS[view.getUint16(position + 14)]!;
    const second = PAIRS[view.getUint16(position + 17)]!;
    if (
      (joint !== SPACE && joint !== T) ||
      hour > 23 ||
      bytes[position + 13] !== COLON ||
      minute > 59 ||
      bytes[position + 16] !== COLON ||
      second > 59 ||
      bytes[position + STAMP] !== separator
    )
      break;
    const time = dayStart + (hour * 3600 + minute * 60 + second) * SECOND_US;
    if (!(time > previous)) break;

    let i = position + STAMP + 1;
    const negative = bytes[i] === DASH;
    if (negative) i++;
    const digitsFrom = i;
    let mantissa = 0;
    let digit = bytes[i]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digit = bytes[++i]! - ZERO;
    }
    let digits = i - digitsFrom;
    let decimals = 0;
    if (bytes[i] === DOT || bytes[i] === mark) {
      const decimalsFrom = ++i;
      digit = bytes[i]! - ZERO;
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digit = bytes[++i]! - ZERO;
      }
      decimals = i - decimalsFrom;
      digits += decimals;
      if (digits === 0) break;
    } else if (digits === 0 && negative) break;
    if (bytes[i] === CR) i++;
    if (digits > MOST_DIGITS || bytes[i] !== LF) break;

    times[count] = time;
    // an integer below 2^53 over an exact power of ten rounds once: the nearest double
    const magnitude = decimals === 0 ? mantissa : mantissa / POWERS[decimals]!;
    values[count] = digits === 0 ? NaN : negative ? -magnitude : magnitude;
    count++;
    previous = time;
    position = i + 1;
  }
  if (count > store.count) store.previousTime = previous;
  store.count = count;
  return position;
}
