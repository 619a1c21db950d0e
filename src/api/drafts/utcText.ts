import { formatUtc, parseTimestamp } from '../../domain/series';

/** ISO or `YYYY-MM-DD HH:MM:SS` as the text that is stored, in UTC; null when unreadable (http-api B.1). */
export function utcText(text: string): string | null {
  const bytes = new TextEncoder().encode(text.trim());
  const time = parseTimestamp(bytes, 0, bytes.length);
  return Number.isNaN(time) ? null : formatUtc(time);
}
