import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Config } from '../../config';
import type { ScaledTable } from '../../domain/scaling';
import type { Store } from '../../store';

/** As long as the sweep keeps the object (data-model 8). */
const KEPT_SECONDS = 24 * 3600;
const ROWS_PER_PIECE = 1000;

export interface SavedTable {
  /** bare file name */
  name: string;
  url: string;
}

/**
 * Stores a scaled table as CSV below the session. No row names the object, so the sweep removes it after a day like any other without a name.
 */
export async function saveScaled(
  { store, config }: { store: Pick<Store, 'objects'>; config: Pick<Config, 'BUCKET_RESULTS'> },
  { userId, sessionId }: { userId: string; sessionId: string },
  table: ScaledTable,
): Promise<SavedTable> {
  const [day = '', time = ''] = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').split('T');
  const name = `scaled_input_data_${day}_${time}_${randomBytes(4).toString('hex')}.csv`;
  const path = `${userId}/${sessionId}/scaled/${name}`;
  await store.objects.put(config.BUCKET_RESULTS, path, Readable.from(csv(table), { objectMode: false }), 'text/csv');
  return { name, url: await store.objects.sign(config.BUCKET_RESULTS, path, KEPT_SECONDS, name) };
}

/** RFC 4180 with LF; an absent value is an empty cell. */
function* csv({ rows, names, values }: ScaledTable): Generator<string> {
  yield `${names.map(quoted).join(',')}\n`;
  for (let from = 0; from < rows; from += ROWS_PER_PIECE) {
    let piece = '';
    for (let i = from; i < Math.min(rows, from + ROWS_PER_PIECE); i += 1) {
      const row = values.subarray(i * names.length, (i + 1) * names.length);
      piece += `${Array.from(row, (value) => (Number.isNaN(value) ? '' : String(value))).join(',')}\n`;
    }
    yield piece;
  }
}

const quoted = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
