import type { DatasetSettings } from '../settings/types';

/** Version of the dataset builder: part of the cache key, raised with every change of the numbers or of the stored layout. */
export const PIPELINE_VERSION = '1';

/** What identifies the rows of a series. */
export interface KeyFile {
  sha256: string;
  /** header of the value column used; null = the only one */
  columnHeader: string | null;
}

/**
 * Canonical text whose hash is the dataset's cache key (pipeline.md 9.4). Scaling, split and model do not take part.
 *
 * @param files  in the order of `settings.series`
 */
export function datasetKeyText(files: readonly KeyFile[], settings: DatasetSettings): string {
  const series = settings.series.map((one, index) => {
    const { sha256, columnHeader } = files[index]!;
    const { label, role, dataForm, horizonStartH, horizonEndH, alignment, horizonMean } = one;
    return { sha256: sha256.toLowerCase(), columnHeader, label, role, dataForm, horizonStartH, horizonEndH, alignment, horizonMean };
  });
  const groups = settings.time.groups.map(({ group, localTime, dataForm, horizonStartH, horizonEndH, holidayCalendar }) => ({
    group,
    localTime,
    dataForm,
    horizonStartH,
    horizonEndH,
    holidayCalendar: holidayCalendar ?? null,
  }));
  return canonicalJson({ version: PIPELINE_VERSION, series, steps: settings.steps, timeZone: settings.time.timeZone, groups });
}

/** JSON with sorted keys: equal values give equal texts whatever order they were written in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
