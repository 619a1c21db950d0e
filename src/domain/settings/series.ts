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
const DEFAULT_HORIZON_H: Record<Role, [number, number]> = { input: [-1, 0], output: [0, 1] };

/** Settings of one series (pipeline.md 4) from a `files` row or the client's file object; findings name its label. */
export function parseSeries(record: object, findings: Finding[]): SeriesSettings {
  const unnamed = new FieldReader(record, []);
  const label = unnamed.text('bezeichnung') ?? labelOfFile(unnamed.text('fileName', 'file_name') ?? '');
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
  const start = fields.number('zeithorizontStart', 'zeithorizont_start');
  const end = fields.number('zeithorizontEnd', 'zeithorizont_end');
  const horizon = { start: start ?? defaultStart, end: end ?? defaultEnd, defaulted: start === undefined || end === undefined };
  if (horizon.end > horizon.start) return horizon; // false for NaN
  if (used) {
    fields.report({
      code: 'HORIZON',
      message: `${fields.where()}zeithorizontEnd (${shown(horizon.end)}) must be greater than zeithorizontStart (${shown(horizon.start)})`,
      field: 'zeithorizontStart',
      context: { zeithorizontStart: shown(horizon.start), zeithorizontEnd: shown(horizon.end) },
    });
  }
  return { start: defaultStart, end: defaultEnd, defaulted: horizon.defaulted };
}

/** Scaling of a series or time group: on unless an explicit `nein`, into 0 … 1 unless a range is given. */
export function parseScale(fields: FieldReader): ScaleSettings {
  const scale = fields.flag(true, 'skalierung');
  const scaleMin = fields.number('skalierungMin', 'skalierung_min') ?? 0;
  const scaleMax = fields.number('skalierungMax', 'skalierung_max') ?? 1;
  if (scaleMin < scaleMax) return { scale, scaleMin, scaleMax };
  if (scale) {
    fields.report({
      code: 'SCALE_RANGE',
      message: `${fields.where()}skalierungMax (${shown(scaleMax)}) must be greater than skalierungMin (${shown(scaleMin)})`,
      field: 'skalierungMin',
      context: { skalierungMin: shown(scaleMin), skalierungMax: shown(scaleMax) },
    });
  }
  return { scale, scaleMin: 0, scaleMax: 1 };
}
