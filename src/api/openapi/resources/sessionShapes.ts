import { z } from 'zod';
import { fileInClientKeys } from './fileShapes';
import { fileType, maybeInt, maybeText, rowsOrWindows, sessionRef, text, time, uuid } from '../shapes';
import { timeInfoValues, zeitschritteValues } from './timeConfig';

/** An entry of /list-sessions. */
export const listedSession = z
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

/** A session with its files and settings. */
export const wholeSession = z
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

const none = z.object({});

/** A session as its uploads see it; settings never stored are {}. */
export const uploadView = z
  .object({
    sessionId: sessionRef,
    sessionUuid: uuid,
    files: z.array(z.object({ id: uuid, fileName: text, type: fileType, bezeichnung: text, size: maybeInt, createdAt: time })),
    uploads: z
      .array(
        z.object({
          fileName: text,
          fileType,
          bezeichnung: text,
          received: z.int(),
          totalChunks: z.int(),
          missing: z.array(z.int()),
          status: text,
        }),
      )
      .meta({ description: 'Unfinished ones.' }),
    timeInfo: z.union([timeInfoValues, none]),
    zeitschritte: z.union([zeitschritteValues, none]),
    finalized: z.boolean(),
    n_dat: maybeInt,
    n_dat_source: rowsOrWindows.nullable(),
    file_count: z.int(),
    createdAt: time,
    lastUpdated: time,
    finalizationTime: time.nullable(),
  })
  .meta({ id: 'SessionUploads' });
