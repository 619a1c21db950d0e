import { formatUtc } from '../series';
import type { SeriesStatistics } from '../series';
import type { SeriesSettings } from '../settings/types';

/** One row of the info tables `i_dat_inf` and `o_dat_inf`, under the symbols of pipeline.md 1, 3, 4 and 5.2. */
export interface SeriesInfo {
  utc_min: string;
  utc_max: string;
  delt: number;
  ofst: number | 'var';
  n_all: number;
  n_num: number;
  rate_num: number;
  val_min: number | null;
  val_max: number | null;
  spec: SeriesSettings['dataForm'];
  th_strt: number;
  th_end: number;
  meth: SeriesSettings['alignment'];
  avg: boolean;
  delt_transf: number | null;
  ofst_transf: number | 'var' | null;
  scal: boolean;
  scal_max: number;
  scal_min: number;
}

/** Everything known about one series of a run. */
export interface DescribedSeries {
  settings: SeriesSettings;
  statistics: SeriesStatistics;
  /** step width (minutes) and offset of the transferred data (pipeline.md 5.2) */
  windowStepMin: number | null;
  windowOffset: number | 'var' | null;
}

/** Label → info row, for the series of one role in column order. */
export function infoTable(series: readonly DescribedSeries[]): Record<string, SeriesInfo> {
  return Object.fromEntries(series.map((one) => [one.settings.label, infoRow(one)]));
}

function infoRow({ settings, statistics, windowStepMin, windowOffset }: DescribedSeries): SeriesInfo {
  return {
    utc_min: formatUtc(statistics.firstTime),
    utc_max: formatUtc(statistics.lastTime),
    delt: statistics.meanStepMin,
    ofst: statistics.rowOffset,
    n_all: statistics.rowCount,
    n_num: statistics.numericCount,
    rate_num: statistics.numericShare,
    val_min: statistics.min,
    val_max: statistics.max,
    spec: settings.dataForm,
    th_strt: settings.horizonStartH,
    th_end: settings.horizonEndH,
    meth: settings.alignment,
    avg: settings.horizonMean,
    delt_transf: windowStepMin,
    ofst_transf: windowOffset,
    scal: settings.scale,
    scal_max: settings.scaleMax,
    scal_min: settings.scaleMin,
  };
}
