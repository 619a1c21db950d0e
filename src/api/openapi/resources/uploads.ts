import { z } from 'zod';
import { fileType, maybeText, problem, rowsOrWindows, sessionRef, success, text, uuid } from '../shapes';
import type { Resource } from '../types';

const HASH = { type: 'string', pattern: '^[0-9a-fA-F]{64}$' };

const assembled = z
  .object({
    id: uuid,
    fileName: text,
    bezeichnung: text,
    type: fileType,
    sha256: text,
    size: z.int(),
    rows: z.int(),
    columns: z.array(text),
    separator: maybeText,
    valid: z.boolean().meta({ description: 'False: stored all the same, but jobs refuse it.' }),
    problems: z.array(problem),
    statistics: z.record(z.string(), maybeText),
  })
  .meta({ id: 'AssembledFile' });

const progress = z.object({
  fileName: text,
  fileType,
  bezeichnung: text,
  received: z.int(),
  totalChunks: z.int(),
  missing: z.array(z.int()).meta({ description: 'At most 100 indices.' }),
  assembled: z.boolean(),
  status: text,
});

/** http-api route 12; the three texts at the end may also stand inside `metadata`. */
const CHUNK_FORM = {
  type: 'object',
  required: ['metadata', 'chunk'],
  properties: {
    metadata: {
      type: 'string',
      contentMediaType: 'application/json',
      description: '`{sessionId, fileName, chunkIndex, totalChunks, fileType?, bezeichnung?}`; 0 ≤ chunkIndex < totalChunks.',
    },
    chunk: { type: 'string', format: 'binary', description: 'The bytes, at least one.' },
    additionalData: {
      type: 'string',
      contentMediaType: 'application/json',
      description: '`{fileMetadata?, timeInfo?, zeitschritte?, sessionInfo?: {totalFiles?}}`',
    },
    chunkHash: { ...HASH, description: 'SHA-256 of this chunk.' },
    fileHash: { ...HASH, description: 'SHA-256 of the whole file.' },
    fileSize: { type: 'integer', minimum: 1, description: 'Bytes of the whole file.' },
  },
};

export const uploads: Resource = {
  tag: 'Uploads',
  description: 'Files come in chunks, in any order and through any instance; the last one to arrive starts the assembly.',
  routes: {
    'POST /api/training/upload-chunk': {
      summary: 'Send one chunk of a file',
      description:
        'An identical chunk may be sent again at any time. Without an assembly the answer says what is missing; with it, `file` describes the stored file.',
      form: CHUNK_FORM,
      refuses: [
        ...(['MISSING_FILE', 'MISSING_BODY', 'MALFORMED_JSON', 'BAD_UUID', 'INVALID_FILE_NAME', 'INVALID_FILE_METADATA'] as const),
        ...([
          'INVALID_TIME_INFO',
          'INVALID_ZEITSCHRITTE',
          'FORBIDDEN',
          'PROCESSING_LIMIT_REACHED',
          'SESSION_NOT_FOUND',
          'FILE_NOT_FOUND',
        ] as const),
        ...(['CHUNK_CONFLICT', 'UPLOAD_CONFLICT', 'DUPLICATE_FILE', 'UPLOAD_EXPIRED', 'UPLOAD_CANCELLED', 'FILE_TOO_LARGE'] as const),
        ...(['HASH_MISMATCH', 'SIZE_MISMATCH'] as const),
      ],
      answers: {
        200: success({
          message: text,
          chunkIndex: z.int(),
          totalChunks: z.int(),
          received: z.int().meta({ description: 'Distinct chunks so far.' }),
          missing: z.array(z.int()).meta({ description: 'At most 100 indices.' }),
          duplicate: z.boolean(),
          assembled: z.boolean(),
          assembling: z.boolean().meta({ description: 'The assembly takes longer than the request waits; see session-status.' }),
          uploadId: uuid,
          file: assembled.optional(),
        }),
      },
    },
    'POST /api/training/finalize-session': {
      summary: 'Close the upload of a session',
      description: 'Idempotent. `n_dat` counts CSV rows until a dataset exists, then its windows.',
      refuses: ['UPLOAD_INCOMPLETE'],
      answers: {
        200: success({
          message: text,
          sessionId: sessionRef,
          n_dat: z.int(),
          file_count: z.int(),
          n_dat_source: rowsOrWindows,
          sessionUuid: uuid,
          finalizationTime: text,
        }),
      },
    },
    'GET /api/training/session-status/:session_id': {
      summary: 'How far the uploads of a session are',
      legacy: { status: z.literal('error'), progress: z.literal(0), message: text },
      answers: {
        200: success({
          session_id: sessionRef,
          status: z.enum(['pending', 'processing', 'completed']),
          progress: z.int().min(0).max(100),
          message: text,
          finalized: z.boolean(),
          files: z.array(progress),
        }),
      },
    },
    'POST /api/training/cancel-upload/:session_id': {
      summary: 'Give an upload up',
      description: 'Idempotent; also clears an expired upload. Chunks still under way are answered 410.',
      body: {
        type: 'object',
        properties: {
          fileName: { type: 'string', minLength: 1, maxLength: 255 },
          fileType: { type: ['string', 'null'], enum: ['input', 'output', null] },
          bezeichnung: { type: ['string', 'null'], maxLength: 255 },
        },
        required: ['fileName'],
      },
      refuses: ['INVALID_FILE_NAME', 'INVALID_FILE_METADATA', 'UPLOAD_ALREADY_ASSEMBLED'],
      answers: { 200: success({ cancelled: z.boolean(), removed_chunks: z.int(), message: text }) },
    },
  },
};
