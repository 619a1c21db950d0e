import { z } from 'zod';
import { fileInColumnNames } from './fileShapes';
import { FILE_SHAPE } from '../../drafts';
import { success, text } from '../shapes';
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
  },
};
