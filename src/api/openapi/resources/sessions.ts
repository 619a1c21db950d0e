import { z } from 'zod';
import { listedSession, uploadView, wholeSession } from './sessionShapes';
import { maybeText, sessionRef, success, text, uuid } from '../shapes';
import type { Resource } from '../types';

export const FORCE = {
  description: '`true`: a job under way is cancelled first; the call waits up to 60 s for its end.',
  schema: { type: 'string', enum: ['true', 'false'] },
};
const counts = z.record(z.string(), z.int());

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
          sessions: z.array(listedSession),
          total_count: z.int().meta({ description: 'All sessions of the caller.' }),
          returned: z.int(),
          next_before: maybeText.meta({ description: 'Null on the last page.' }),
        }),
      },
    },
    'POST /api/training/create-database-session': {
      summary: 'Open a session with a name, or find it again',
      description: 'Idempotent. A name that is given is stored with it.',
      sessionInBody: true,
      body: { type: 'object', properties: { sessionName: { type: ['string', 'null'], maxLength: 255 } } },
      refuses: ['BAD_UUID', 'FORBIDDEN', 'INVALID_SESSION_NAME'],
      answers: { 200: success({ sessionUuid: uuid, message: text, created: z.boolean() }) },
    },
    'GET /api/training/get-session-uuid/:session_id': {
      summary: 'The UUID of a session',
      answers: { 200: success({ sessionUuid: uuid, data: z.object({ sessionUuid: uuid }), message: text }) },
    },
    'POST /api/training/session-name-change': {
      summary: 'Name a session',
      body: { type: 'object', properties: { sessionName: { type: 'string', minLength: 1, maxLength: 255 } }, required: ['sessionName'] },
      refuses: ['INVALID_SESSION_NAME'],
      legacy: { data: z.null() },
      answers: { 200: success({ data: z.object({ sessionId: sessionRef, sessionName: text }), message: text }) },
    },
    'GET /api/training/session/:session_id': {
      summary: 'A session with its files and unfinished uploads',
      answers: { 200: success({ session: uploadView }) },
    },
    'GET /api/training/session/:session_id/database': {
      summary: 'A session with its files and settings',
      answers: { 200: success({ session: wholeSession }) },
    },
    'POST /api/training/session/:session_id/delete': {
      summary: 'Delete a session and everything below it',
      query: { force: FORCE },
      refuses: ['TRAINING_IN_PROGRESS', 'DATASET_IN_PROGRESS'],
      answers: { 200: success({ message: text, warnings: z.array(text).optional() }) },
    },
    'POST /api/training/delete-all-sessions': {
      summary: 'Delete all sessions of the caller',
      description:
        'To be confirmed, as JSON or as a form field with `true`, `1` or `yes`. The `local_*` figures are 0 and kept for old clients.',
      query: { force: FORCE },
      refuses: ['TRAINING_IN_PROGRESS', 'DATASET_IN_PROGRESS'],
      legacy: { message: text.optional() },
      answers: {
        200: success({
          message: text,
          summary: z.object({
            database_records_deleted: z.int(),
            storage_files_deleted: z.int(),
            local_directories_deleted: z.int(),
            local_files_deleted: z.int(),
          }),
          details: z.object({
            initial_counts: counts,
            deleted_counts: counts,
            storage_deleted: counts,
            local_deleted: z.object({ directories: z.int(), files: z.int() }),
          }),
          warnings: z.array(text).optional(),
        }),
      },
    },
  },
};
