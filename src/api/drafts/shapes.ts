/** Drafts as the OpenAPI document describes them, made from the tables by which they are read. */
import { FILE_FIELDS } from './fileFields';
import type { FileFieldKind } from './fileFields';
import { GROUP_FIELDS, GROUPS, HOLIDAY_FIELDS } from './timeInfo';
import type { GroupFieldKind } from './timeInfo';
import { MAX_TEXT } from './values';
import type { DraftShape } from './values';

const text = { type: ['string', 'null'], maxLength: MAX_TEXT };
const number = {
  type: ['string', 'number', 'null'],
  maxLength: MAX_TEXT,
  description: 'A number or its text; any text is kept as a draft.',
};
const flag = { type: ['boolean', 'string', 'null'], description: 'Also "true" and "false"; null and "" mean not given.' };
const yesNo = { type: ['string', 'boolean', 'null'], maxLength: MAX_TEXT, description: '"ja" or "nein", or a boolean.' };

const KIND: Record<FileFieldKind | GroupFieldKind, DraftShape> = {
  text,
  number,
  flag,
  yesNo,
  name: { type: 'string', minLength: 1, maxLength: MAX_TEXT, description: 'A name, never a path.' },
  type: { type: ['string', 'null'], description: '"input" or "output"; "unknown" and "" mean not given.' },
  utc: { ...text, description: 'ISO time or YYYY-MM-DD HH:MM:SS, in UTC; unreadable becomes null.' },
};

const group = (fields: Record<string, GroupFieldKind>): DraftShape => ({
  type: ['object', 'null'],
  properties: Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, KIND[kind]])),
});

/** http-api B.1: the documented spelling of each field; column names and aliases are read too. */
export const FILE_SHAPE: DraftShape = {
  id: 'FileFields',
  type: 'object',
  description: 'Settings of a file. Column names are accepted in place of these keys; unknown keys are ignored.',
  properties: Object.fromEntries(FILE_FIELDS.map(({ keys: [name = ''], kind }) => [name, KIND[kind]])),
};

/** http-api B.3 */
export const TIME_INFO_SHAPE: DraftShape = {
  id: 'TimeInfo',
  description: 'Time features of a session. The flat old form (settings beside the five flags) is read too.',
  properties: {
    ...Object.fromEntries(GROUPS.map((name) => [name, flag])),
    zeitzone: { ...text, description: 'IANA name; default UTC.' },
    category_data: {
      type: ['object', 'null'],
      properties: Object.fromEntries(GROUPS.map((name) => [name, group(name === 'feiertag' ? HOLIDAY_FIELDS : GROUP_FIELDS)])),
    },
  },
};

/** http-api B.4 */
export const ZEITSCHRITTE_SHAPE: DraftShape = {
  id: 'Zeitschritte',
  description: 'Steps of the windows: input and output steps, step width in minutes, offset past the hour in minutes.',
  properties: { eingabe: number, ausgabe: number, zeitschrittweite: number, offset: number },
};
