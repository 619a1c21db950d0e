import { filePatch } from '../drafts';
import type { FileRow, UserStore } from '../../store';
import { ApiError } from '../errors';
import { refuseExhausted } from '../middleware';
import type { Context } from '../types';
import { hasKey } from './postedFile';
import type { PostedFile } from './postedFile';

/** Their values stand in for what the client sent first (http-api B.1). */
const COMPUTED_BY_JOBS: ReadonlySet<string> = new Set<keyof FileRow>([
  'zeitschrittweite_transferierten_daten',
  'offset_transferierten_daten',
]);

/** A file row and whether this request made it. */
export interface CreatedFile {
  row: FileRow;
  isNew: boolean;
}

/**
 * A file without content (http-api route 14, form b): its bytes may come later, by any way. Costs nothing until then.
 * @throws DUPLICATE_FILE when the key exists with other settings, PROCESSING_LIMIT_REACHED
 */
export async function createEmptyFile(ctx: Context, file: PostedFile): Promise<CreatedFile> {
  const { mine, session } = ctx.state;
  const known = await knownFile(mine, session.id, file);
  if (known) return known;
  await refuseExhausted(ctx, 'processing');

  const row = { ...file.settings, ...file.key, session_id: session.id };
  for (const wanted of [file.id, null]) {
    const made = await mine.createFile(wanted === null ? row : { ...row, id: wanted });
    if (made !== 'duplicate') return { row: made, isNew: true };
    // the key was taken by a request at the same time; else it is the id that another file has, and the server mints one
    const other = await knownFile(mine, session.id, file);
    if (other) return other;
  }
  throw new ApiError('DUPLICATE_FILE'); // made and deleted again meanwhile
}

async function knownFile(mine: UserStore, sessionId: string, file: PostedFile): Promise<CreatedFile | null> {
  const row = (await mine.files(sessionId)).find(hasKey(file.key));
  if (!row) return null;
  const differs = Object.entries(filePatch(file.settings, row)).some(
    ([column, value]) => !COMPUTED_BY_JOBS.has(column) && row[column as keyof FileRow] !== value,
  );
  if (differs) throw new ApiError('DUPLICATE_FILE', { error: 'A file with this name exists already with other settings' });
  return { row, isNew: false };
}
