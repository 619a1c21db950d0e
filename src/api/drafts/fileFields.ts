import type { FileRow, FileType } from '../../store/types';
import { INVALID } from '../http/lenient';
import { labelOfFile } from '../../domain/settings';
import { parseFileName } from './fileName';
import { utcText } from './utcText';
import { draftText, draftYesNo, EXPECTED, isGiven } from './values';
import type { Report } from './values';

export type FileFieldKind = 'name' | 'text' | 'number' | 'yesNo' | 'type' | 'utc';

interface Field {
  column: keyof FileRow;
  /** spellings a client may use, the documented one first; the column name is one more */
  keys: readonly string[];
  kind: FileFieldKind;
  /** computed by the server from the bytes: client values count only while there is no readable content */
  statistic?: true;
}

/** The writable fields of http-api B.1. */
export const FILE_FIELDS: readonly Field[] = [
  { column: 'file_name', keys: ['fileName'], kind: 'name' },
  { column: 'bezeichnung', keys: ['bezeichnung'], kind: 'text' },
  { column: 'type', keys: ['type', 'fileType'], kind: 'type' },
  { column: 'utc_min', keys: ['utcMin'], kind: 'utc', statistic: true },
  { column: 'utc_max', keys: ['utcMax'], kind: 'utc', statistic: true },
  { column: 'zeitschrittweite', keys: ['zeitschrittweite'], kind: 'number', statistic: true },
  {
    column: 'zeitschrittweite_mittelwert',
    keys: ['zeitschrittweiteAvgValue', 'zeitschrittweiteMittelwert'],
    kind: 'number',
    statistic: true,
  },
  { column: 'zeitschrittweite_min', keys: ['zeitschrittweiteMinValue', 'zeitschrittweiteMin'], kind: 'number', statistic: true },
  { column: 'min', keys: ['min'], kind: 'number', statistic: true },
  { column: 'max', keys: ['max'], kind: 'number', statistic: true },
  { column: 'offset', keys: ['offsett', 'offset'], kind: 'number', statistic: true },
  { column: 'datenpunkte', keys: ['datenpunkte'], kind: 'number', statistic: true },
  { column: 'numerische_datenpunkte', keys: ['numerischeDatenpunkte'], kind: 'number', statistic: true },
  { column: 'numerischer_anteil', keys: ['numerischerAnteil'], kind: 'number', statistic: true },
  { column: 'datenform', keys: ['datenform'], kind: 'text' },
  { column: 'datenanpassung', keys: ['datenanpassung'], kind: 'number' }, // a free field once: stored sessions hold numbers in it
  { column: 'zeithorizont_start', keys: ['zeithorizontStart'], kind: 'number' },
  { column: 'zeithorizont_end', keys: ['zeithorizontEnd'], kind: 'number' },
  { column: 'zeitschrittweite_transferierten_daten', keys: ['zeitschrittweiteTransferiertenDaten'], kind: 'number' },
  { column: 'offset_transferierten_daten', keys: ['offsetTransferiertenDaten'], kind: 'number' },
  { column: 'mittelwertbildung_uber_den_zeithorizont', keys: ['mittelwertbildungÜberDenZeithorizont'], kind: 'yesNo' },
  { column: 'skalierung', keys: ['skalierung'], kind: 'yesNo' },
  { column: 'skalierung_max', keys: ['skalierungMax'], kind: 'number' },
  { column: 'skalierung_min', keys: ['skalierungMin'], kind: 'number' },
];

const STATISTICS: ReadonlySet<keyof FileRow> = new Set(FILE_FIELDS.filter(({ statistic }) => statistic).map(({ column }) => column));

const SPELLINGS: ReadonlySet<string> = new Set(FILE_FIELDS.flatMap(({ column, keys }) => [...keys, column]));

/** Whether a name is one of the spellings of a writable field. */
export const isFileField = (name: string): boolean => SPELLINGS.has(name);

const NAME_KEYS: ReadonlySet<string | undefined> = new Set(['fileName', 'file_name']);

/** Fields of a file in a request, keyed by column; null = sent as "not given". Absent keys stay absent, unknown ones are dropped. */
export type FileDraft = Partial<Record<keyof FileRow, string | null>>;

export function readFileFields(sent: Record<string, unknown>, report: Report): FileDraft {
  const draft: FileDraft = {};
  for (const { column, keys, kind } of FILE_FIELDS) {
    const spellings = [...keys, column];
    // a spelling that is sent but not given leaves the field to the others
    const key = spellings.find((name) => isGiven(sent[name])) ?? spellings.find((name) => sent[name] !== undefined);
    if (key === undefined) continue;
    const value = READ[kind](sent[key]);
    if (value === INVALID) report([key], `${key} ${MUST[kind]}`);
    else draft[column] = value;
  }
  return draft;
}

/** http code of a reported field. */
export const fileFieldCode = (field: string | undefined): 'INVALID_FILE_NAME' | 'INVALID_FILE_METADATA' =>
  NAME_KEYS.has(field) ? 'INVALID_FILE_NAME' : 'INVALID_FILE_METADATA';

/** What of a draft is written into an existing row: its own statistics stay, columns that are never NULL take their defaults. */
export function filePatch(draft: FileDraft, row: FileRow): Partial<FileRow> {
  const { type, bezeichnung, mittelwertbildung_uber_den_zeithorizont: mean, ...rest } = draft;
  const kept = Object.entries(rest).filter(([column]) => !(row.valid && STATISTICS.has(column as keyof FileRow)));
  return {
    ...Object.fromEntries(kept),
    ...(type ? { type: type as FileType } : {}),
    ...(bezeichnung === undefined ? {} : { bezeichnung: bezeichnung ?? labelOfFile(draft.file_name ?? row.file_name) }),
    ...(mean === undefined ? {} : { mittelwertbildung_uber_den_zeithorizont: mean ?? 'nein' }),
  };
}

const READ: Record<FileFieldKind, (value: unknown) => string | null | typeof INVALID> = {
  name: (value) => parseFileName(value) ?? INVALID,
  text: (value) => draftText(value),
  number: (value) => draftText(value, { numbers: true }),
  yesNo: draftYesNo,
  type: readType,
  utc: (value) => {
    const text = draftText(value);
    return typeof text === 'string' ? utcText(text) : text;
  },
};

const MUST: Record<FileFieldKind, string> = {
  name: 'must be a name of 1 to 255 characters, not a path',
  text: EXPECTED.text,
  number: EXPECTED.number,
  yesNo: EXPECTED.yesNo,
  type: 'must be "input" or "output"',
  utc: EXPECTED.text,
};

/** `unknown` counts as not given. */
function readType(value: unknown): string | null | typeof INVALID {
  const text = draftText(value);
  if (typeof text !== 'string') return text;
  const word = text.trim().toLowerCase();
  if (word === '' || word === 'unknown') return null;
  return word === 'input' || word === 'output' ? word : INVALID;
}
