import type { TimeInfoRow } from '../../store/types';
import { isObject } from '../http/body';
import { INVALID } from '../http/lenient';
import { draftFlag, draftText, draftYesNo, EXPECTED } from './values';
import type { DraftReader, Report } from './values';

export type TimeInfoDraft = Pick<TimeInfoRow, (typeof GROUPS)[number] | 'zeitzone' | 'category_data'>;

export const GROUPS = ['jahr', 'monat', 'woche', 'tag', 'feiertag'] as const;

export type GroupFieldKind = 'flag' | 'text' | 'number' | 'yesNo';

/** Settings of one time group (http-api B.3); `land` belongs to the holidays only. */
export const GROUP_FIELDS: Record<string, GroupFieldKind> = {
  detaillierteBerechnung: 'flag',
  datenform: 'text',
  zeithorizontStart: 'number',
  zeithorizontEnd: 'number',
  skalierung: 'yesNo',
  skalierungMin: 'number',
  skalierungMax: 'number',
};
export const HOLIDAY_FIELDS: Record<string, GroupFieldKind> = { ...GROUP_FIELDS, land: 'text' };

/** `timeInfo` of a request as the row that is stored; absent keys take the defaults, unknown ones are dropped. */
export const readTimeInfo: DraftReader<TimeInfoDraft> = (timeInfo, report) => {
  const flags = Object.fromEntries(
    GROUPS.map((group) => [group, orReport(draftFlag(timeInfo[group]), false, () => report([group], `${group} ${EXPECTED.flag}`))]),
  ) as Record<(typeof GROUPS)[number], boolean>;
  const zeitzone = orReport(draftText(timeInfo['zeitzone']), 'UTC', () => report(['zeitzone'], `zeitzone ${EXPECTED.text}`));
  return { ...flags, zeitzone, category_data: readCategories(timeInfo, flags, report) };
};

function readCategories(timeInfo: Record<string, unknown>, flags: Record<string, boolean>, report: Report): Record<string, unknown> {
  const sent = timeInfo['category_data'] ?? {};
  const categories = isObject(sent) ? sent : {};
  if (!isObject(sent)) report(['category_data'], `category_data ${EXPECTED.object}`);

  // the flat old form applies to every switched-on group without an entry of its own (http-api B.7)
  const flat = Object.keys(HOLIDAY_FIELDS).some((field) => timeInfo[field] !== undefined) ? timeInfo : undefined;

  const entries = GROUPS.flatMap((group) => {
    const own = categories[group] ?? undefined;
    const entry = own ?? (flags[group] ? flat : undefined);
    if (entry === undefined) return [];
    const path = own === undefined ? [] : ['category_data', group];
    if (!isObject(entry)) {
      report(path, `category_data.${group} ${EXPECTED.object}`);
      return [];
    }
    return [[group, readGroup(entry, group === 'feiertag' ? HOLIDAY_FIELDS : GROUP_FIELDS, path, report)]];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function readGroup(
  entry: Record<string, unknown>,
  fields: Record<string, GroupFieldKind>,
  path: string[],
  report: Report,
): Record<string, unknown> {
  const values = Object.entries(fields).flatMap(([field, kind]) => {
    const sent = entry[field];
    if (sent === undefined) return [];
    const value = storedValue(sent, kind);
    if (value === INVALID) report([...path, field], `${field} ${EXPECTED[kind]}`);
    return [[field, value]];
  });
  return Object.fromEntries(values) as Record<string, unknown>;
}

/** The value as it is read back: texts and numbers as sent, flags and ja/nein in their one spelling. */
function storedValue(value: unknown, kind: GroupFieldKind): unknown {
  if (kind === 'flag') return draftFlag(value) ?? false;
  if (kind === 'yesNo') return draftYesNo(value) ?? value;
  const text = draftText(value, { numbers: kind === 'number' });
  return typeof text === 'string' && typeof value === 'string' ? text : text === INVALID ? INVALID : value;
}

function orReport<T>(value: T | null | typeof INVALID, fallback: T, onInvalid: () => void): T {
  if (value === INVALID) onInvalid();
  return value === INVALID || value === null ? fallback : value;
}
