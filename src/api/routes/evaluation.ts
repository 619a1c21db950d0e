import { z } from 'zod';
import { StoreError } from '../../store';
import { ApiError } from '../errors';
import { isObject } from '../http/body';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { evaluationBody, evaluationSaved } from '../presenters/evaluation';
import type { ApiRouter, Guard, Services } from '../types';
import { createRouter } from '../types';

const MAX_MODEL_TYPE = 255;

const table = z
  .unknown()
  .optional()
  .transform((sent, ctx): Record<string, unknown> => {
    if (sent === undefined || sent === null) return {};
    if (isObject(sent)) return sent;
    ctx.addIssue({ code: 'custom', message: 'An evaluation table must be an object' });
    return z.NEVER;
  });

const SaveTables = requestSchema({
  body: z.object({
    df_eval: table,
    df_eval_ts: table,
    model_type: z
      .string({ error: 'model_type must be a text' })
      .max(MAX_MODEL_TYPE, { error: `model_type must have at most ${MAX_MODEL_TYPE} characters` })
      .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: 'model_type holds characters that cannot be stored' })
      .nullish()
      .transform((text) => text?.trim() || 'Unknown'),
  }),
  large: true,
});

export function evaluationRoutes({ config }: Services): ApiRouter {
  const router = createRouter();

  router.get('/evaluation-tables/:session_id', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const [[run], saved] = await Promise.all([
      mine.results(session.id, { status: 'completed', limit: 1 }),
      mine.evaluationTables(session.id),
    ]);
    if (!run && !saved) throw new ApiError('EVALUATION_TABLES_NOT_FOUND');
    ctx.body = evaluationBody(session, run ?? null, saved);
  });

  router.post('/save-evaluation-tables/:session_id', validate(SaveTables, config), someTable, ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const { body: tables } = input(ctx, SaveTables);
    const [run] = await mine.results(session.id, { status: 'completed', limit: 1 });
    const saved = await storable(() => mine.saveEvaluationTables(session.id, { ...tables, run_id: run?.run_id ?? null }));
    ctx.body = evaluationSaved(session, saved);
  });

  return router;
}

/** What is missing in the body comes before the session (http-api A.2). */
const someTable: Guard = async (ctx, next) => {
  const { body: tables, raw } = input(ctx, SaveTables);
  if (isEmpty(raw)) throw new ApiError('MISSING_BODY');
  if (isEmpty(tables.df_eval) && isEmpty(tables.df_eval_ts)) throw new ApiError('BAD_REQUEST', { error: 'No evaluation tables provided' });
  await next();
};

const isEmpty = (tables: object): boolean => Object.keys(tables).length === 0;

// what jsonb does not take although it is JSON: NUL and half surrogate pairs; and its bound on the size
const UNSTORABLE = new Set(['22P02', '22P05']);
const TOO_LARGE = '23514';

async function storable<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === TOO_LARGE) throw new ApiError('PAYLOAD_TOO_LARGE', { cause: error });
    if (UNSTORABLE.has(error.code))
      throw new ApiError('BAD_REQUEST', { error: 'The tables hold characters that cannot be stored', cause: error });
    throw error;
  }
}
