import { allRows, answer, call, type Database } from './clients';
import { StoreError, UNIQUE_VIOLATION } from './errors';
import type { ServiceStore, UserStore } from './interfaces';
import { withNumbers } from './rows';
import type { ActiveJob, FileRow, FileType } from './types';

const numbers = (row: FileRow): FileRow => withNumbers(row, ['size_bytes', 'row_count']);

/** Inputs before outputs, each in the order of opening; (session, type, color_index) is unique. */
async function filesOf(database: Database, sessionId: string, type?: FileType): Promise<FileRow[]> {
  const rows = await allRows<FileRow>((from, to) => {
    const query = database.from('files').select('*').eq('session_id', sessionId);
    return (type ? query.eq('type', type) : query).order('type').order('color_index').range(from, to);
  });
  return rows.map(numbers);
}

export const userFiles = (database: Database): Pick<UserStore, 'files' | 'file' | 'createFile' | 'updateFile' | 'deleteFile'> => ({
  files: (sessionId, type) => filesOf(database, sessionId, type),

  async file(fileId) {
    const [row] = await answer<FileRow[]>(database.from('files').select('*').eq('id', fileId));
    return row ? numbers(row) : null;
  },

  createFile: (row) =>
    orDuplicate(async () => {
      const [made] = await answer<FileRow[]>(database.from('files').insert(row).select('*'));
      if (!made) throw new Error('an inserted row is returned');
      return numbers(made);
    }),

  updateFile: (fileId, patch) =>
    orDuplicate(async () => {
      const [row] = await answer<FileRow[]>(database.from('files').update(patch).eq('id', fileId).select('*'));
      return row ? numbers(row) : null;
    }),

  async deleteFile(fileId) {
    const done = await call<{ found: boolean; active_job: ActiveJob | null; file_name: string | null }>(database, 'delete_file', {
      p_file: fileId,
    });
    return { found: done.found, activeJob: done.active_job, fileName: done.file_name };
  },
});

async function orDuplicate<T>(write: () => Promise<T>): Promise<T | 'duplicate'> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof StoreError && error.code === UNIQUE_VIOLATION) return 'duplicate';
    throw error;
  }
}

export const serviceFiles = (database: Database): Pick<ServiceStore, 'files'> => ({
  files: (sessionId) => filesOf(database, sessionId),
});
