import { z } from 'zod';
import { createDeletions } from '../deletions';
import { fileFieldCode, filePatch, readFileFields } from '../drafts';
import { ApiError } from '../errors';
import { isObject } from '../http/body';
import { queryText } from '../http/query';
import { jobInProgress } from '../jobs';
import { Forcible, input, isForced, multipart, ownFile, ownSession, requestSchema, subscription, validate } from '../middleware';
import { createdFile, fileInColumnNames } from '../presenters/file';
import { stopActiveJob } from '../sessions/stopJob';
import type { ApiRouter, Guard, Services } from '../types';
import { createRouter } from '../types';
import { createChunkBytes } from '../uploads/chunkBytes';
import { createEmptyFile } from '../uploads/emptyFile';
import { readPostedFile } from '../uploads/postedFile';
import { receiveFile } from '../uploads/receiveFile';

const NO_DATA = 'No data provided';

const ListFiles = requestSchema({
  query: z.object({ type: queryText.pipe(z.enum(['input', 'output'], { error: 'type must be "input" or "output"' }).optional()) }),
});

const CreateFile = requestSchema({
  body: z.record(z.string(), z.unknown()).transform((sent, ctx) => {
    const { fileData } = sent;
    if (isObject(fileData)) {
      return readPostedFile(fileData, ([field = ''], message) =>
        ctx.addIssue({ code: 'custom', path: [field], message, params: { code: fileFieldCode(field) } }),
      );
    }
    const code = fileData === undefined || fileData === null ? 'MISSING_BODY' : 'INVALID_FILE_METADATA';
    ctx.addIssue({
      code: 'custom',
      path: ['fileData'],
      message: code === 'MISSING_BODY' ? NO_DATA : 'fileData must be an object',
      params: { code },
    });
    return z.NEVER;
  }),
});

const UpdateFile = requestSchema({
  body: z.record(z.string(), z.unknown()).transform((sent, ctx) => {
    const draft = readFileFields(sent, (path, message) =>
      ctx.addIssue({ code: 'custom', path: [...path], message, params: { code: fileFieldCode(path[0]) } }),
    );
    if (Object.keys(sent).length === 0) ctx.addIssue({ code: 'custom', message: NO_DATA });
    else if (Object.keys(draft).length === 0) ctx.addIssue({ code: 'custom', message: 'No valid fields to update' });
    return draft;
  }),
});

export function csvFileRoutes(services: Services): ApiRouter {
  const { config, store, log } = services;
  const deletions = createDeletions(store, log);
  const router = createRouter();

  router.get('/csv-files/:session_id', validate(ListFiles, config), ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const files = await mine.files(session.id, input(ctx, ListFiles).query.type);
    ctx.body = {
      success: true,
      data: files.map(fileInColumnNames),
      ...(files.length === 0 ? { message: `No CSV files found for session ${session.ref}` } : {}),
    };
  });

  router.post(
    '/csv-files',
    subscription(),
    formWithFile(services),
    validate(CreateFile, config),
    ownSession({ missing: 'Session ID is required' }),
    async (ctx) => {
      ctx.body = createdFile(await createEmptyFile(ctx, input(ctx, CreateFile).body)); // 409, 403
    },
  );

  router.put('/csv-files/:file_id', validate(UpdateFile, config), ownFile(), async (ctx) => {
    const { file, mine } = ctx.state;
    const row = await mine.file(file.id);
    if (!row) throw new ApiError('FILE_NOT_FOUND'); // deleted meanwhile
    const patch = filePatch(input(ctx, UpdateFile).body, row);
    const updated = Object.keys(patch).length === 0 ? row : await mine.updateFile(file.id, patch);
    if (updated === null) throw new ApiError('FILE_NOT_FOUND');
    if (updated === 'duplicate')
      throw new ApiError('DUPLICATE_FILE', { error: 'Another file of this session has this name, type and label' });
    ctx.body = { success: true, data: fileInColumnNames(updated) };
  });

  router.delete('/csv-files/:file_id', validate(Forcible, config), ownFile(), async (ctx) => {
    const { file, mine } = ctx.state;
    if (isForced(ctx)) await stopActiveJob(services, ctx.state, file.sessionId);
    const { found, activeJob, fileName } = await mine.deleteFile(file.id);
    if (!found) throw new ApiError('FILE_NOT_FOUND'); // deleted meanwhile
    if (activeJob) throw jobInProgress(activeJob.job, activeJob.workflow_id, activeJob.status, activeJob.overall_progress);
    await deletions.now();
    ctx.body = { success: true, message: `File ${fileName} deleted successfully` };
  });

  return router;
}

/** Answers the multipart form of POST /csv-files; any other body goes on to the JSON form. */
function formWithFile(services: Services): Guard {
  const { config, store, log } = services;
  const bytes = createChunkBytes(store, log, {
    bucket: config.BUCKET_CHUNKS,
    ...(config.WORK_DIR === undefined ? {} : { workDir: config.WORK_DIR }),
  });
  const deletions = createDeletions(store, log);
  const declared = multipart(config);

  return async (ctx, next) => {
    if (!ctx.is('multipart/form-data')) {
      await next();
      return;
    }
    await declared(ctx, async () => {
      ctx.body = createdFile(await receiveFile(ctx, services, bytes)); // 400, 404, 403, 409, 422, 503
    });
    deletions.soon(); // the form's bytes, which now lie under the file's name
  };
}
