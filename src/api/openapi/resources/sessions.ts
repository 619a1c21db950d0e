import { z } from 'zod';
import { fileInClientKeys } from './fileShapes';
import { fileType, maybeInt, maybeText, rowsOrWindows, sessionRef, success, text, time, uuid } from '../shapes';
import type { Resource } from '../types';
import { timeInfoValues, zeitschritteValues } from './timeConfig';

const FORCE = {
  description: '`true`: a job under way is cancelled first; the call waits up to 60 s for its end.',
  schema: { type: 'string', enum: ['true', 'false'] },
};

const listed = z
  .object({
    sessionId: sessionRef,
    sessionUuid: uuid,
    sessionName: maybeText,
    createdAt: time,
    lastUpdated: time,
    fileCount: z.int(),
    finalized: z.boolean(),
    nDat: maybeInt,
    n_dat_source: rowsOrWindows.nullable(),
    zeitschritteCount: z.int(),
    timeInfoCount: z.int(),
    filesInfo: z.array(z.object({ id: uuid, type: fileType, file_name: text, bezeichnung: text })),
  })
  .meta({ id: 'ListedSession' });

const whole = z
  .object({
    sessionId: sessionRef,
    databaseSessionId: uuid,
    sessionName: maybeText,
    n_dat: maybeInt,
    n_dat_source: rowsOrWindows.nullable(),
    finalized: z.boolean(),
    file_count: z.int(),
    files: z.array(fileInClientKeys),
    timeInfo: timeInfoValues,
    zeitschritte: zeitschritteValues,
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Session' });

export const sessions: Resource = {
  tag: 'Sessions',
  description: 'A session holds files, settings and trainings of one question.',
  routes: {
    'POST /api/training/init-session': {
      summary: 'Open a session, or find it again',
      description: 'Idempotent. A configuration object that is absent or empty leaves what is stored.',
      sessionInBody: true,
      refuses: ['BAD_UUID', 'FORBIDDEN'],
      answers: { 200: success({ sessionId: sessionRef, message: text, sessionUuid: uuid, created: z.boolean() }) },
    },
    'GET /api/training/list-sessions': {
      summary: "The caller's sessions, newest first",
      query: {
        limit: { description: 'Sessions per page, 1 to 50; anything else is brought into that range.' },
        before: { description: '`next_before` of the previous page, or an ISO time.' },
      },
      legacy: { message: text },
      answers: {
        200: success({
          sessions: z.array(listed),
          total_count: z.int().meta({ description: 'All sessions of the caller.' }),
          returned: z.int(),
          next_before: maybeText.meta({ description: 'Null on the last page.' }),
        }),
      },
    },
    'GET /api/training/session/:session_id/database': {
      summary: 'A session with its files and settings',
      answers: { 200: success({ session: whole }) },
    },
    'POST /api/training/session/:session_id/delete': {
      summary: 'Delete a session and everything below it',
      query: { force: FORCE },
      refuses: ['TRAINING_IN_PROGRESS', 'DATASET_IN_PROGRESS'],
      answers: { 200: success({ message: text, warnings: z.array(text).optional() }) },
    },
  },
};
