import type { ErrorCode } from '../errors';
import { TIME_INFO_SHAPE, ZEITSCHRITTE_SHAPE } from './shapes';
import { readTimeInfo } from './timeInfo';
import { optionalDraft } from './values';
import { readZeitschritte } from './zeitschritte';

/** The two configuration objects of a session, as fields of a request schema; null = absent or {}. */
export const configFields = {
  timeInfo: optionalDraft(readTimeInfo, TIME_INFO_SHAPE),
  zeitschritte: optionalDraft(readZeitschritte, ZEITSCHRITTE_SHAPE),
};

/** http codes of what is wrong inside them. */
export const CONFIG_CODES = { timeInfo: 'INVALID_TIME_INFO', zeitschritte: 'INVALID_ZEITSCHRITTE' } as const satisfies Record<
  string,
  ErrorCode
>;
