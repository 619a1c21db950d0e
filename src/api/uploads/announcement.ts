import { z } from 'zod';
import { fileName, optionalDraft, readFileFields, readTimeInfo, readZeitschritte } from '../drafts';
import type { FileDraft, TimeInfoDraft, ZeitschritteDraft } from '../drafts';
import { ApiError } from '../errors';
import { isObject, parseJson } from '../http/body';
import type { JsonBody } from '../http/body';
import { parseUuid } from '../http/ids';
import type { SessionRef } from '../http/ids';
import { INVALID, lenientInteger } from '../http/lenient';
import { bodySessionRef } from '../middleware';
import { parse } from '../middleware/validate';
import type { FileType } from '../../store/types';
import type { FormFields, FormShape } from './form';

// http-api A.8
const MAX_CHUNKS = 10_000;
const SHA256 = /^[0-9a-f]{64}$/i;

const TEXT_PARTS = ['metadata', 'additionalData', 'chunkHash', 'fileHash', 'fileSize'] as const;
type TextPart = (typeof TEXT_PARTS)[number];

/** The form of upload-chunk. */
export const CHUNK_FORM: FormShape<TextPart> = { file: 'chunk', field: (name) => TEXT_PARTS.find((part) => part === name) ?? null };

/** What the text parts of an upload-chunk request say. */
export interface Announcement {
  session: SessionRef;
  fileName: string;
  index: number;
  total: number;
  /** null = not given: the server finds the upload by name and number of chunks (route 12, rule 2) */
  fileType: FileType | null;
  bezeichnung: string | null;
  chunkHash: string | null;
  fileHash: string | null;
  fileSize: number | null;
  /** settings of the file, keyed by column; only what was given */
  fileMetadata: FileDraft;
  timeInfo: TimeInfoDraft | null;
  zeitschritte: ZeitschritteDraft | null;
  totalFiles: number | null;
}

/** The file's name stands in `metadata`; an id that is a UUID becomes the file's, any other is ignored (http-api B.1, B.7). */
const fileMetadata = optionalDraft((sent, report) => {
  const id = parseUuid(sent['id']);
  return { ...(id === null ? {} : { id }), ...readFileFields({ ...sent, fileName: undefined, file_name: undefined }, report) };
});

const AdditionalData = z.object({
  fileMetadata,
  timeInfo: optionalDraft(readTimeInfo),
  zeitschritte: optionalDraft(readZeitschritte),
  sessionInfo: z
    .unknown()
    .optional()
    .transform((sent) => (isObject(sent) ? sent['totalFiles'] : undefined)),
});

const CODES = {
  fileMetadata: 'INVALID_FILE_METADATA',
  timeInfo: 'INVALID_TIME_INFO',
  zeitschritte: 'INVALID_ZEITSCHRITTE',
} as const;

/** @throws the 400 codes of route 12 */
export function readAnnouncement(fields: Readonly<FormFields<TextPart>>): Announcement {
  if (fields.metadata === undefined || fields.metadata.trim() === '') throw new ApiError('MISSING_BODY', { error: 'No metadata provided' });
  const metadata = jsonObject(fields.metadata, 'metadata');
  const additional = jsonObject(fields.additionalData?.trim() ? fields.additionalData : '{}', 'additionalData');
  for (const field of ['chunkIndex', 'totalChunks', 'fileName']) if (isMissing(metadata[field])) throw missing(field);

  const total = integer(metadata['totalChunks'], 'totalChunks', 1, MAX_CHUNKS);
  const { fileMetadata: settings, timeInfo, zeitschritte, sessionInfo } = parse(AdditionalData, additional, CODES);
  const { type, bezeichnung, ...rest } = settings ?? {};
  const key = fileKey(metadata);
  const totalFiles = lenientInteger(sessionInfo);

  return {
    session: bodySessionRef(metadata, 'Missing required metadata field: sessionId'),
    fileName: fileName(metadata['fileName']),
    index: integer(metadata['chunkIndex'], 'chunkIndex', 0, total - 1),
    total,
    fileType: (key.type ?? type ?? null) as FileType | null,
    bezeichnung: key.bezeichnung ?? bezeichnung ?? null,
    chunkHash: hash('chunkHash', fields.chunkHash, metadata['chunkHash']),
    fileHash: hash('fileHash', fields.fileHash, metadata['fileHash'], additional['fileHash'], hashOfSettings(additional)),
    fileSize: size(fields.fileSize, metadata['fileSize'], metadata['totalSize'], additional['fileSize'], additional['totalSize']),
    fileMetadata: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
    timeInfo,
    zeitschritte,
    totalFiles: typeof totalFiles === 'number' && totalFiles > 0 ? totalFiles : null,
  };
}

function jsonObject(text: string, field: string): JsonBody {
  const value = parseJson(text, field);
  if (!isObject(value)) throw new ApiError('BAD_REQUEST', { error: `${field} must be a JSON object`, field });
  return value;
}

const isMissing = (value: unknown): boolean => value === undefined || value === null || value === '';
const missing = (field: string): ApiError => new ApiError('BAD_REQUEST', { error: `Missing required metadata field: ${field}`, field });

function fileKey({ fileType, bezeichnung }: JsonBody): { type: string | null; bezeichnung: string | null } {
  const read = readFileFields({ fileType, bezeichnung }, ([field = ''], message) => {
    throw new ApiError('INVALID_FILE_METADATA', { error: message, field });
  });
  return { type: read.type ?? null, bezeichnung: read.bezeichnung ?? null };
}

function integer(value: unknown, field: string, least: number, most: number): number {
  const number = lenientInteger(value);
  if (typeof number === 'number' && number >= least && number <= most) return number;
  throw new ApiError('BAD_REQUEST', { error: `${field} must be an integer between ${least} and ${most}`, field });
}

/** The first one given counts: form field, metadata, additionalData, its fileMetadata. @throws BAD_REQUEST */
export function hash(field: string, ...given: unknown[]): string | null {
  const value = given.find((candidate) => !isMissing(candidate));
  if (value === undefined) return null;
  if (typeof value === 'string' && SHA256.test(value.trim())) return value.trim().toLowerCase();
  throw new ApiError('BAD_REQUEST', { error: `${field} must be a SHA-256 in hexadecimal form`, field });
}

/** `fileHash` is also a key of the file's settings (http-api B.1). */
const hashOfSettings = ({ fileMetadata: settings }: JsonBody): unknown => (isObject(settings) ? settings['fileHash'] : undefined);

function size(...given: unknown[]): number | null {
  const number = lenientInteger(given.find((candidate) => !isMissing(candidate)));
  if (number === INVALID || (number !== null && number < 1)) {
    throw new ApiError('BAD_REQUEST', { error: 'fileSize must be a number of bytes', field: 'fileSize' });
  }
  return number;
}
