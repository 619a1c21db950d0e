import { z } from 'zod';
import { fileFieldCode, filePatch, readFileFields } from '../drafts';
import { ApiError } from '../errors';
import { queryText } from '../http/query';
import { input, ownFile, ownSession, requestSchema, validate } from '../middleware';
import { fileInColumnNames } from '../presenters/file';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

const ListFiles = requestSchema({
  query: z.object({ type: queryText.pipe(z.enum(['input', 'output'], { error: 'type must be "input" or "output"' }).optional()) }),
});

const UpdateFile = requestSchema({
  body: z.record(z.string(), z.unknown()).transform((sent, ctx) => {
    const draft = readFileFields(sent, (path, message) =>
      ctx.addIssue({ code: 'custom', path: [...path], message, params: { code: fileFieldCode(path[0]) } }),
    );
    if (Object.keys(sent).length === 0) ctx.addIssue({ code: 'custom', message: 'No data provided' });
    else if (Object.keys(draft).length === 0) ctx.addIssue({ code: 'custom', message: 'No valid fields to update' });
    return draft;
  }),
});

export function csvFileRoutes({ config }: Services): ApiRouter {
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

  return router;
}
