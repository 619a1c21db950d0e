import { HOLIDAY_CALENDAR_EXAMPLES, isTimeZone, parseHolidayCalendar } from '../calendar';
import type { Finding } from '../findings';
import { asRecord, FieldReader } from './fields';
import { parseHorizon, parseScale } from './series';
import type { TimeFeatureSettings, TimeGroup, TimeGroupSettings } from './types';

interface GroupKind {
  group: TimeGroup;
  /** `time_info` flag and category key */
  key: string;
  dataForm: TimeGroupSettings['dataForm'];
  horizonH: readonly [number, number];
}

/** Fixed column order, with the defaults of pipeline.md 6.1. */
const GROUPS: readonly GroupKind[] = [
  { group: 'Y', key: 'jahr', dataForm: 'horizon', horizonH: [-24, 0] },
  { group: 'M', key: 'monat', dataForm: 'horizon', horizonH: [-1, 0] },
  { group: 'W', key: 'woche', dataForm: 'current', horizonH: [-24, 0] },
  { group: 'D', key: 'tag', dataForm: 'horizon', horizonH: [-24, 0] },
  { group: 'H', key: 'feiertag', dataForm: 'current', horizonH: [-100, 0] },
];
const DATA_FORMS: Record<string, TimeGroupSettings['dataForm']> = { Zeithorizont: 'horizon', 'Aktuelle Zeit': 'current' };
const DEFAULT_CALENDAR = 'Österreich';

/**
 * Time features of a session. Both forms of `timeInfo` are read: settings per group in `category_data`, and the old flat form,
 * whose fields apply to every switched-on group without an entry of its own.
 */
export function parseTimeFeatures(timeInfo: object | null, findings: Finding[]): TimeFeatureSettings {
  const fields = new FieldReader(timeInfo ?? {}, findings);
  const categories = new FieldReader(asRecord(fields.raw('category_data')) ?? {}, findings);
  const groups = GROUPS.filter(({ key }) => fields.flag(false, key)).map((kind) => {
    const own = asRecord(categories.raw(kind.key));
    return parseGroup(kind, new FieldReader(own ?? timeInfo ?? {}, findings, kind.key));
  });
  return { timeZone: parseTimeZone(fields), groups };
}

function parseGroup({ group, dataForm: usual, horizonH }: GroupKind, fields: FieldReader): TimeGroupSettings {
  const dataForm = fields.option(DATA_FORMS, usual, 'datenform');
  const horizon = parseHorizon(fields, horizonH, dataForm === 'horizon');
  const settings: TimeGroupSettings = {
    group,
    localTime: fields.flag(false, 'detaillierteBerechnung'),
    dataForm,
    horizonStartH: horizon.start,
    horizonEndH: horizon.end,
    ...parseScale(fields),
  };
  return group === 'H' ? { ...settings, holidayCalendar: parseCalendar(fields) } : settings;
}

function parseCalendar(fields: FieldReader): string {
  const text = fields.text('land') ?? DEFAULT_CALENDAR;
  const calendar = parseHolidayCalendar(text);
  if (calendar) return calendar;
  fields.report({
    code: 'HOLIDAY_CALENDAR',
    message: `${fields.where()}land "${text}" is unknown; accepted are for example ${HOLIDAY_CALENDAR_EXAMPLES.join(', ')}`,
    field: 'land',
    context: { value: text, examples: [...HOLIDAY_CALENDAR_EXAMPLES] },
  });
  return 'AT';
}

function parseTimeZone(fields: FieldReader): string {
  const timeZone = fields.text('zeitzone') ?? 'UTC';
  if (isTimeZone(timeZone)) return timeZone;
  fields.report({
    code: 'TIME_ZONE',
    message: `zeitzone "${timeZone}" is no IANA time zone (for example Europe/Vienna)`,
    field: 'zeitzone',
    context: { value: timeZone },
  });
  return 'UTC';
}
