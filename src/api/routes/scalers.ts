import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { scalerArchive } from '../../domain/artefacts';
import { scaleTable, tableByName, tableByOrder } from '../../domain/scaling';
import { ApiError } from '../errors';
import { INVALID, lenientBoolean } from '../http/lenient';
import { sendDownload } from '../http/objectDownload';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { scaledBody, scalersBody } from '../presenters/scalers';
import { isoTime } from '../presenters/time';
import { nestedJson } from '../results';
import { currentScalers, readTable, saveScaled } from '../scalers';
import type { CurrentScalers, SentTable } from '../scalers';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

const ScaleData = requestSchema({
  body: z.record(z.string(), z.unknown()).transform((sent, ctx) => {
    const refuse = (message: string, path: readonly (string | number)[]) => ctx.addIssue({ code: 'custom', message, path: [...path] });
    const { input_data: data, save_scaled: save } = sent;
    const given = data !== undefined && data !== null && data !== '';
    if (Object.keys(sent).length === 0) refuse('No data provided', []);
    else if (!given) refuse('input_data field is required', ['input_data']);
    const wanted = lenientBoolean(save);
    if (wanted === INVALID) refuse('save_scaled must be true or false', ['save_scaled']);
    const table = given ? readTable(data, (message, path) => refuse(message, ['input_data', ...path])) : null;
    return table ? { table, save: wanted === true } : z.NEVER;
  }),
  bodyOptional: true,
  large: true,
});

export function scalerRoutes(services: Services): ApiRouter {
  const router = createRouter();

  router.get('/scalers/:session_id', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    ctx.body = scalersBody(session, (await currentScalers(mine, session.id)).scalers);
  });

  router.get('/scalers/:session_id/download', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const { run, scalers } = await currentScalers(mine, session.id);
    const stamp = fileStamp(run.started_at ?? run.created_at);
    const archive = scalerArchive(scalers, stamp);
    await sendDownload(ctx, {
      filename: `scalers_${session.ref}_${stamp}.zip`,
      contentType: 'application/zip',
      size: archive.length,
      version: createHash('sha256').update(archive).digest('hex'),
      open: ({ start, end } = { start: 0, end: archive.length - 1 }) => Readable.from([archive.subarray(start, end + 1)]),
    });
  });

  router.post('/scale-data/:session_id', validate(ScaleData, services.config), ownSession(), async (ctx) => {
    const { session, mine, user } = ctx.state;
    const { table, save } = input(ctx, ScaleData).body;
    const columns = trainedColumns(table, await currentScalers(mine, session.id)); // 404, 400
    const scaled = scaleTable({ rows: table.rows, columns });
    const saved = save ? await saveScaled(services, { userId: user.id, sessionId: session.id }, scaled) : null;

    async function* text(): AsyncGenerator<string, void> {
      yield JSON.stringify(scaledBody(session, scaled, saved)).slice(0, -1);
      yield ',"scaled_data":';
      yield* nestedJson([scaled.rows, columns.length], [scaled.values]);
      yield '}';
    }
    ctx.body = Readable.from(text(), { objectMode: false });
    ctx.type = 'json';
  });

  return router;
}

/** @throws ApiError BAD_REQUEST naming every feature the model does not have */
function trainedColumns(table: SentTable, { scalers }: CurrentScalers) {
  const names = scalers.metadata.input_feature_names;
  if (table.inOrder) return tableByOrder(table.inOrder, names, scalers.input);
  const { columns, unknown } = tableByName(table.byName, names, scalers.input);
  if (unknown.length === 0) return columns;
  const details = unknown.map((name) => ({
    code: 'BAD_REQUEST' as const,
    message: `Unknown feature: ${name}`,
    field: `input_data.${name}`,
  }));
  throw new ApiError('BAD_REQUEST', {
    error: details[0]!.message,
    field: details[0]!.field,
    details,
    suggestion: `The features are ${names.join(', ')}`,
  });
}

/** `YYYY-MM-DD_HH-MM-SS`, UTC: the start of the run, so that a file that has not changed keeps its name and its bytes. */
const fileStamp = (time: string): string => isoTime(time).slice(0, 19).replace('T', '_').replaceAll(':', '-');
