import { fileFieldCode, readFileFields } from '../drafts';
import type { FileDraft } from '../drafts';
import { ApiError } from '../errors';
import type { ErrorDetail } from '../errors';
import { parseUuid } from '../http/ids';
import { labelOfFile } from '../../domain/settings';
import type { FileRow, FileType, UploadRow } from '../../store/types';
import type { Report } from '../drafts/values';

/** A file as POST /csv-files names it: its key, the id it asks for, and its settings by column; only what was given. */
export interface PostedFile {
  key: FileKey;
  id: string | null;
  settings: FileDraft;
}

export type FileKey = Pick<FileRow, 'file_name' | 'bezeichnung'> & { type: FileType };

/** @param report told of every value outside http-api B.1; the file is then of no use */
export function readPostedFile(sent: Record<string, unknown>, report: Report): PostedFile {
  const { file_name: name, type, bezeichnung, ...rest } = readFileFields(sent, report);
  if (name === undefined) report(['fileName'], 'fileName is required');
  const fileName = name ?? '';
  return {
    key: { file_name: fileName, type: type === 'output' ? 'output' : 'input', bezeichnung: bezeichnung ?? labelOfFile(fileName) },
    // any other id, such as a clock's text, is ignored (http-api B.7)
    id: parseUuid(sent['id']),
    settings: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
  };
}

/**
 * The same from the text fields of a form, where the part with the bytes may carry the name.
 * @throws INVALID_FILE_NAME, INVALID_FILE_METADATA with every finding
 */
export function postedFileOfForm(fields: Readonly<Partial<Record<string, string>>>, partName: string): PostedFile {
  const details: ErrorDetail[] = [];
  const named = fields['fileName'] ?? fields['file_name'] ?? (partName === '' ? undefined : partName);
  const file = readPostedFile({ ...fields, fileName: named, file_name: undefined }, ([field = ''], message) => {
    details.push({ code: fileFieldCode(field), message, field });
  });
  const [first] = details;
  if (first)
    throw new ApiError(fileFieldCode(first.field), { error: first.message, details, ...(first.field ? { field: first.field } : {}) });
  return file;
}

/** Mark in the settings of an upload whose file came in one request; no column is called so, hence it ends there. */
export const POSTED = { posted: true } as const;

export const wasPosted = (upload: UploadRow | null): boolean => upload?.file_metadata['posted'] === POSTED.posted;

export const hasKey =
  (key: FileKey) =>
  (row: FileRow): boolean =>
    row.file_name === key.file_name && row.type === key.type && row.bezeichnung === key.bezeichnung;
