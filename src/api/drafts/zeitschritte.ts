import type { ZeitschritteRow } from '../../store/types';
import { INVALID, lenientNumber } from '../http/lenient';
import { draftText, EXPECTED, isGiven } from './values';
import type { DraftReader, Report } from './values';

export type ZeitschritteDraft = Pick<ZeitschritteRow, 'eingabe' | 'ausgabe' | 'zeitschrittweite' | 'offset'>;

const MAX_STEPS = 4096;

/** `zeitschritte` of a request as the row that is stored: text, null = not given. Numeric step counts outside 1…4096 are refused. */
export const readZeitschritte: DraftReader<ZeitschritteDraft> = (sent, report) => ({
  eingabe: stepCount(sent['eingabe'], 'eingabe', report),
  ausgabe: stepCount(sent['ausgabe'], 'ausgabe', report),
  zeitschrittweite: text(sent['zeitschrittweite'], 'zeitschrittweite', report),
  // the client's old spelling wins when both are given (http-api A.1)
  offset: text(isGiven(sent['offsett']) ? sent['offsett'] : sent['offset'], 'offset', report),
});

function stepCount(value: unknown, field: string, report: Report): string | null {
  const number = lenientNumber(value);
  if (typeof number === 'number' && (number < 1 || number > MAX_STEPS)) report([field], `${field} must be between 1 and ${MAX_STEPS}`);
  return text(value, field, report);
}

function text(value: unknown, field: string, report: Report): string | null {
  const read = draftText(value, { numbers: true });
  if (read !== INVALID) return read;
  report([field], `${field} ${EXPECTED.number}`);
  return null;
}
