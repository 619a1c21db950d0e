import { decodeUtf8 } from './utf8';

const [ZERO, NINE, PLUS, DASH, DOT, COMMA, SMALL_E, BIG_E] = [48, 57, 43, 45, 46, 44, 101, 69];

/** Cells that mean "no value" (pipeline.md 2), besides the empty one. */
const MISSING_WORDS: ReadonlySet<string> = new Set(
  '#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split('|'),
);
const LONGEST_WORD = 9;
/** Longer texts are decoded as a whole: arguments of one call are limited. */
const LONGEST_NUMBER = 64;

/** Powers of ten that are exact doubles. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Returned for a cell that is neither a finite number nor a missing value. */
export const UNREADABLE = Infinity;

/**
 * Reads one value cell (trimmed): the nearest double, NaN for a missing value, {@link UNREADABLE} otherwise.
 *
 * @param decimalComma  true when a comma may stand for the decimal point (separator is not a comma)
 */
export function parseValue(bytes: Uint8Array, start: number, end: number, decimalComma: boolean): number {
  if (start === end) return NaN;
  let i = start;
  const first = bytes[i]!;
  const negative = first === DASH;
  if (negative || first === PLUS) i++;

  let mantissa = 0;
  let digitCount = 0;
  let fractionDigits = 0;
  let markSeen = false;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + byte - ZERO;
      digitCount++;
      if (markSeen) fractionDigits++;
    } else if (!markSeen && (byte === DOT || (decimalComma && byte === COMMA))) markSeen = true;
    else break;
  }
  if (digitCount === 0) return missingOrUnreadable(bytes, start, end);

  let exponent = 0;
  if (i < end) {
    if (bytes[i] !== SMALL_E && bytes[i] !== BIG_E) return missingOrUnreadable(bytes, start, end);
    i++;
    const negativeExponent = bytes[i] === DASH;
    if (i < end && (negativeExponent || bytes[i] === PLUS)) i++;
    if (i === end) return UNREADABLE;
    for (; i < end; i++) {
      const byte = bytes[i]!;
      if (byte < ZERO || byte > NINE) return UNREADABLE;
      exponent = Math.min(exponent * 10 + byte - ZERO, 100_000);
    }
    if (negativeExponent) exponent = -exponent;
  }

  // An exact integer times or over an exact power of ten rounds once, so the result is the nearest double (Clinger 1990).
  const power = exponent - fractionDigits;
  if (mantissa <= Number.MAX_SAFE_INTEGER && power >= -22 && power <= 22) {
    const magnitude = power < 0 ? mantissa / POWERS[-power]! : mantissa * POWERS[power]!;
    return negative ? -magnitude : magnitude;
  }
  const value = Number(asciiText(bytes, start, end).replace(',', '.'));
  return Number.isFinite(value) ? value : UNREADABLE;
}

function missingOrUnreadable(bytes: Uint8Array, start: number, end: number): number {
  return end - start <= LONGEST_WORD && MISSING_WORDS.has(asciiText(bytes, start, end)) ? NaN : UNREADABLE;
}

const codes: number[] = [];

/** Text of a short run of bytes; a bytes-to-string call of the runtime costs several times as much. */
function asciiText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > LONGEST_NUMBER) return decodeUtf8(bytes, start, end);
  codes.length = end - start;
  for (let i = start; i < end; i++) codes[i - start] = bytes[i]!;
  return String.fromCharCode.apply(null, codes);
}
