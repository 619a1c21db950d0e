import type { Finding } from '../findings';
import { FieldReader, shown } from './fields';
import { labelOfFile } from './label';
import type { Alignment, DataForm, Role, ScaleSettings, SeriesSettings } from './types';

const ROLES: Record<string, Role> = { input: 'input', output: 'output' };
const DATA_FORMS: Record<string, DataForm> = {
  'Historische Daten': 'historical',
  'Historische Prognosen': 'historicalForecast',
  'Aktueller Wert': 'currentValue',
};
const ALIGNMENTS: Record<string, Alignment> = {
  'Lineare Interpolation': 'linear',
  Mittelwertbildung: 'mean',
  'Nächster Wert': 'nearest',
};
/** So far from its reference time (228 years) an instant is still a whole number of µs in a double. */
const FARTHEST_H = 2_000_000;
/** Spellings of API and database. */
const START_KEYS = ['zeithorizontStart', 'zeithorizont_start'];
const END_KEYS = ['zeithorizontEnd', 'zeithorizont_end'];
const MIN_KEYS = ['skalierungMin', 'skalierung_min'];
const MAX_KEYS = ['skalierungMax', 'skalierung_max'];
const DEFAULT_HORIZON_H: Record<Role, [number, number]> = { input: [-1, 0], output: [0, 1] };

/** Settings of one series (pipeline.md 4) from a `files` row or the client's file object; findings name its label. */
export function parseSeries(record: object, findings: Finding[]): SeriesSettings {
  const label = seriesLabel(record);
  const fields = new FieldReader(record, findings, label);
  const role = optionWordOfRole(fields);
  const dataForm = fields.option(DATA_FORMS, 'historical', 'datenform');
  const horizon = parseHorizon(fields, DEFAULT_HORIZON_H[role], dataForm !== 'currentValue');
  return {
    label,
    role,
    dataForm,
    horizonStartH: horizon.start,
    horizonEndH: horizon.end,
    horizonDefaulted: horizon.defaulted && dataForm !== 'currentValue',
    alignment: fields.option(ALIGNMENTS, 'linear', 'datenanpassung'),
    horizonMean: fields.flag(
      false,
      'mittelwertbildungÜberDenZeithorizont',
      'mittelwertbildung_uber_den_zeithorizont',
      'mittelwertbildungUberDenZeithorizont',
    ),
    ...parseScale(fields),
  };
}

/** Label of a series (pipeline.md 4): its `bezeichnung`, else the name of its file. */
export function seriesLabel(record: object): string {
  const fields = new FieldReader(record, []);
  return fields.text('bezeichnung') ?? labelOfFile(fields.text('fileName', 'file_name') ?? '');
}

/** `unknown` is what uploads without a declared type carry: it counts as not given. */
function optionWordOfRole(fields: FieldReader): Role {
  return fields.text('type', 'fileType')?.toLowerCase() === 'unknown' ? 'input' : fields.option(ROLES, 'input', 'type', 'fileType');
}

/**
 * Hours of a horizon, shared by series and time groups.
 *
 * @param used  false where the horizon has no effect: bad values are then replaced by the default without a finding
 */
export function parseHorizon(
  fields: FieldReader,
  [defaultStart, defaultEnd]: readonly [number, number],
  used: boolean,
): { start: number; end: number; defaulted: boolean } {
  const given = { start: fields.number(...START_KEYS), end: fields.number(...END_KEYS) };
  const horizon = {
    start: given.start ?? defaultStart,
    end: given.end ?? defaultEnd,
    defaulted: given.start === undefined || given.end === undefined,
  };
  const near = Math.abs(horizon.start) <= FARTHEST_H && Math.abs(horizon.end) <= FARTHEST_H; // false for NaN
  if (near && horizon.end > horizon.start) return horizon;
  if (used) {
    const [start, end] = [shown(horizon.start, fields.text(...START_KEYS)), shown(horizon.end, fields.text(...END_KEYS))];
    const limit = horizon.end > horizon.start ? `, both at most ${FARTHEST_H} hours away` : '';
    fields.report({
      code: 'HORIZON',
      message: `${fields.where()}zeithorizontEnd (${end}) must be greater than zeithorizontStart (${start})${limit}`,
      field: 'zeithorizontStart',
      context: { zeithorizontStart: start, zeithorizontEnd: end },
    });
  }
  return { start: defaultStart, end: defaultEnd, defaulted: horizon.defaulted };
}

/** Scaling of a series or time group: on unless an explicit `nein`, into 0 … 1 unless a range is given. */
export function parseScale(fields: FieldReader): ScaleSettings {
  const scale = fields.flag(true, 'skalierung');
  const scaleMin = fields.number(...MIN_KEYS) ?? 0;
  const scaleMax = fields.number(...MAX_KEYS) ?? 1;
  if (scaleMin < scaleMax) return { scale, scaleMin, scaleMax };
  if (scale) {
    const [min, max] = [shown(scaleMin, fields.text(...MIN_KEYS)), shown(scaleMax, fields.text(...MAX_KEYS))];
    fields.report({
      code: 'SCALE_RANGE',
      message: `${fields.where()}skalierungMax (${max}) must be greater than skalierungMin (${min})`,
      field: 'skalierungMin',
      context: { skalierungMin: min, skalierungMax: max },
    });
  }
  return { scale, scaleMin: 0, scaleMax: 1 };
}
