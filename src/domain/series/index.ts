export { createCsvParser, parseCsv } from './csv';
export type { CsvOptions, CsvParser, CsvResult, ParsedCsv } from './csv';
export { formatUtc, statisticsText } from './format';
export type { StatisticsText } from './format';
export type { Separator } from './separator';
export { runningStatistics, statistics } from './statistics';
export type { RowsSoFar, RunningStatistics } from './statistics';
export { parseTimestamp, TIMESTAMP_FORMS } from './timestamp';
export type { Series, SeriesStatistics } from './types';
