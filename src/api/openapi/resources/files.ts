import { z } from 'zod';
import { fileInColumnNames } from './fileShapes';
import { FILE_SHAPE } from '../../drafts';
import { success, text, uuid } from '../shapes';
import { FORCE } from './sessions';
import type { Resource } from '../types';

export const files: Resource = {
  tag: 'Files',
  description: 'The CSV files of a session: a time column and a value column each.',
  routes: {
    'GET /api/training/csv-files/:session_id': {
      summary: 'The files of a session',
      query: { type: { description: 'Only files of this side.' } },
      answers: { 200: success({ data: z.array(fileInColumnNames), message: text.optional() }) },
    },
    'PUT /api/training/csv-files/:file_id': {
      summary: 'Change the settings of a file',
      description: 'Any subset of the writable fields; `null` and "" store "not given".',
      body: FILE_SHAPE,
      refuses: ['INVALID_FILE_NAME', 'INVALID_FILE_METADATA', 'DUPLICATE_FILE'],
      answers: { 200: success({ data: fileInColumnNames }) },
    },
    'POST /api/training/csv-files': {
      summary: 'Create a file, with or without its content',
      description:
        'As a form the file comes with it and is charged once per distinct content; as JSON a row without content waits for it. Idempotent: the same file again answers its id.',
      body: { type: 'object', properties: { fileData: FILE_SHAPE }, required: ['fileData'] },
      form: {
        type: 'object',
        required: ['sessionId', 'file'],
        properties: {
          sessionId: { type: 'string' },
          file: { type: 'string', format: 'binary', description: 'The CSV file; settings of the file are further fields.' },
          fileHash: { type: 'string', pattern: '^[0-9a-fA-F]{64}$', description: 'SHA-256 of the file.' },
        },
      },
      refuses: [
        ...(['MISSING_BODY', 'MISSING_FILE', 'INVALID_FILE_NAME', 'INVALID_FILE_METADATA', 'PROCESSING_LIMIT_REACHED'] as const),
        ...(['FILE_NOT_FOUND', 'DUPLICATE_FILE', 'UPLOAD_CONFLICT', 'FILE_TOO_LARGE', 'HASH_MISMATCH', 'SIZE_MISMATCH'] as const),
        ...(['UPLOAD_EXPIRED', 'UPLOAD_CANCELLED'] as const),
      ],
      answers: {
        200: success({
          data: z.object({
            id: uuid,
            message: text,
            isNew: z.boolean(),
            sha256: text.optional(),
            size: z.int().optional(),
            rows: z.int().optional(),
            valid: z.boolean().optional(),
          }),
        }),
      },
    },
    'DELETE /api/training/csv-files/:file_id': {
      summary: 'Delete a file',
      query: { force: FORCE },
      refuses: ['TRAINING_IN_PROGRESS', 'DATASET_IN_PROGRESS'],
      answers: { 200: success({ message: text }) },
    },
  },
};
