import type { Finding, Warning } from '../findings';
import { parseSeries } from './series';
import { parseSteps } from './steps';
import { parseTimeFeatures } from './time';
import type { DatasetSettings, Role, SeriesSettings } from './types';

export interface ParsedDatasetSettings {
  /** null when there is any finding */
  settings: DatasetSettings | null;
  findings: Finding[];
  warnings: Warning[];
}

/**
 * Settings that decide the windows, from the German spellings of API and database (camelCase or snake_case, numbers as text).
 * Every finding of pipeline.md 18 is collected at once.
 *
 * @param files         one record per series; their order is the column order within each role
 * @param zeitschritte  null = not saved
 * @param timeInfo      null = no time features
 */
export function parseDatasetSettings(request: {
  files: readonly object[];
  zeitschritte: object | null;
  timeInfo: object | null;
}): ParsedDatasetSettings {
  const findings: Finding[] = [];
  const parsed = request.files.map((file) => parseSeries(file, findings));
  const series = [...ofRole(parsed, 'input'), ...ofRole(parsed, 'output')];
  checkRoles(series, findings);
  const time = parseTimeFeatures(request.timeInfo, findings);
  const steps = parseSteps(request.zeitschritte, series, time, findings);
  if (steps === null || findings.length > 0) return { settings: null, findings, warnings: [] };
  const settings: DatasetSettings = { series, steps, time };
  return { settings, findings, warnings: datasetWarnings(settings) };
}

/** Index of each series of `settings.series` in the list of files given to {@link parseDatasetSettings}. */
export function columnOrder(files: readonly object[]): number[] {
  const roles = files.map((file) => parseSeries(file, []).role);
  const indices = [...files.keys()];
  return [...indices.filter((index) => roles[index] === 'input'), ...indices.filter((index) => roles[index] === 'output')];
}

/** Remarks that follow from the settings alone. */
export function datasetWarnings(settings: DatasetSettings): Warning[] {
  return settings.series.flatMap((series) => {
    const context = { label: series.label, role: series.role };
    const warnings: Warning[] = [];
    if (series.horizonDefaulted) {
      warnings.push({
        code: 'DEFAULT_HORIZON',
        message: `"${series.label}" has no time horizon; ${series.horizonStartH} to ${series.horizonEndH} h is used`,
        context: { ...context, zeithorizontStart: series.horizonStartH, zeithorizontEnd: series.horizonEndH },
      });
    }
    if (series.dataForm === 'currentValue' && series.horizonMean) {
      warnings.push({
        code: 'AVG_IGNORED',
        message: `"${series.label}" is a current value; its mean over the horizon is ignored`,
        context,
      });
    }
    return warnings;
  });
}

function ofRole(series: readonly SeriesSettings[], role: Role): SeriesSettings[] {
  return series.filter((one) => one.role === role);
}

function checkRoles(series: readonly SeriesSettings[], findings: Finding[]): void {
  for (const role of ['input', 'output'] as const) {
    const labels = ofRole(series, role).map(({ label }) => label);
    if (labels.length === 0) {
      const code = role === 'input' ? 'NO_INPUT' : 'NO_OUTPUT';
      findings.push({ code, message: `there is no ${role} series`, field: 'type', context: { role } });
    }
    for (const label of new Set(labels.filter((label, index) => labels.indexOf(label) !== index))) {
      findings.push({
        code: 'LABEL_DUPLICATE',
        message: `bezeichnung "${label}" occurs more than once among the ${role} series`,
        field: 'bezeichnung',
        file: label,
        context: { role, label },
      });
    }
  }
}
