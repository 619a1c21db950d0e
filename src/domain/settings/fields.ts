import type { Finding, FindingCode } from '../findings';

/**
 * Reads the client's spellings out of one record (http-api A.1, B.7): keys in NFC, several spellings per field,
 * numbers as text, empty text and null meaning "not given". `file` is the series or group named in findings.
 */
export class FieldReader {
  private readonly values = new Map<string, unknown>();

  constructor(
    record: object,
    readonly findings: Finding[],
    readonly file?: string,
  ) {
    for (const [key, value] of Object.entries(record as Record<string, unknown>)) this.values.set(key.normalize('NFC'), value);
  }

  /** First given value among the spellings; undefined when none is given. */
  raw(...keys: string[]): unknown {
    for (const key of keys) {
      const value = this.values.get(key);
      if (value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '')) return value;
    }
    return undefined;
  }

  /** Text of a field, trimmed and in NFC; numbers and booleans by their text. */
  text(...keys: string[]): string | undefined {
    const value = this.raw(...keys);
    return value === undefined ? undefined : valueText(value).normalize('NFC').trim();
  }

  /** undefined = not given, NaN = given but no number. */
  number(...keys: string[]): number | undefined {
    const value = this.raw(...keys);
    return value === undefined ? undefined : lenientNumber(value);
  }

  /** One of the option words, compared without blanks and case; an unknown word is a finding and yields the default. */
  option<T>(options: Readonly<Record<string, T>>, whenAbsent: NoInfer<T>, ...keys: string[]): T {
    const value = this.raw(...keys);
    if (value === undefined) return whenAbsent;
    const word = optionWord(valueText(value));
    for (const [name, meaning] of Object.entries(options)) if (optionWord(name) === word) return meaning;
    this.unknownOption(keys[0]!, value, Object.keys(options));
    return whenAbsent;
  }

  /** ja/nein, true/false or a boolean. */
  flag(whenAbsent: boolean, ...keys: string[]): boolean {
    const value = this.raw(...keys);
    if (value === undefined) return whenAbsent;
    const flag = lenientFlag(value);
    if (flag !== null) return flag;
    this.unknownOption(keys[0]!, value, ['ja', 'nein']);
    return whenAbsent;
  }

  /** true/false of a training request; undefined = not given. Anything else is a finding of this code and counts as not given. */
  truth(key: string, code: 'PARAM_OPTION' | 'UNKNOWN_OPTION'): boolean | undefined {
    const value = this.raw(key);
    const flag = lenientTruth(value);
    if (value !== undefined && flag === null) this.unknownOption(key, value, ['true', 'false'], code);
    return flag ?? undefined;
  }

  /** A whole number of low … high; undefined = not given or, as a finding of this code, anything else. */
  whole(key: string, code: 'SEED' | 'SVR_SUBSAMPLE' | 'PLOT_RANGE', low: number, high: number): number | undefined {
    const raw = this.raw(key);
    if (raw === undefined) return undefined;
    const value = lenientNumber(raw);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    // http-api B.5 has one sentence for every bound; a fraction between the two needs to hear more
    const range = Number.isNaN(value) ? 'a number' : `between ${low} and ${high}${Number.isInteger(value) ? '' : ' (whole number)'}`;
    this.report({
      code,
      message: `${key} must be ${range}, not ${valueText(raw)}`,
      field: key,
      context: { value: valueText(raw), cap: high },
    });
    return undefined;
  }

  report(finding: Finding): void {
    this.findings.push(this.file === undefined ? finding : { ...finding, file: this.file });
  }

  private unknownOption(field: string, value: unknown, allowed: string[], code: FindingCode = 'UNKNOWN_OPTION'): void {
    const shown = valueText(value);
    this.report({
      code,
      message: `${this.where()}${field} "${shown}" is unknown; allowed: ${allowed.join(', ')}`,
      field,
      context: { value: shown, allowed },
    });
  }

  /** `"label": ` in front of a message about a series or group. */
  where(): string {
    return this.file === undefined ? '' : `"${this.file}": `;
  }
}

/** Short readable text of any JSON value, for comparison and for messages. */
export function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Option words are compared without blanks and case. */
export function optionWord(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, '');
}

const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/;

/** Number or decimal text (`.` or one `,`); NaN when it is neither or not finite. */
export function lenientNumber(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  if (typeof value !== 'string' || !NUMBER.test(value.trim())) return NaN;
  const number = Number(value.trim().replace(',', '.'));
  return Number.isFinite(number) ? number : NaN;
}

/** Boolean, `true`/`false` or `ja`/`nein` in any case; null otherwise. */
function lenientFlag(value: unknown): boolean | null {
  const word = typeof value === 'string' ? optionWord(value) : '';
  return word === 'ja' ? true : word === 'nein' ? false : lenientTruth(value);
}

/** Boolean, or `true`/`false` in any case; null otherwise: `ja` and `nein` belong to the fields that store them (http-api A.1). */
export function lenientTruth(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? optionWord(value) : '';
  return word === 'true' ? true : word === 'false' ? false : null;
}

/** The value as an object; null for anything else. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

/** A number as findings show it, whose `context` holds finite numbers only; `text` is what was given instead of one. */
export function shown(value: number | undefined, text = 'no number'): number | string {
  return value === undefined ? 'absent' : Number.isFinite(value) ? value : text;
}
