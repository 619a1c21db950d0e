import { z } from 'zod';
import { ApiError } from '../errors';
import { parseUuid } from '../http/ids';
import { queryText } from '../http/query';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { resultsBody, resultsSummary } from '../presenters/results';
import { ARRAY_SETS, readDocument, shownRuns, streamWithArrays } from '../results';
import type { ArraySet } from '../results';
import type { ApiRouter, Context, Services } from '../types';
import { createRouter } from '../types';

const Results = requestSchema({
  query: z.object({
    include: queryText.refine((value) => !value || value === 'arrays', { error: 'include must be "arrays"' }),
    sets: queryText.transform((value, issues): ArraySet[] => {
      const wanted = (value ?? '')
        .split(',')
        .map((set) => set.trim())
        .filter(Boolean);
      if (wanted.some((set) => !isArraySet(set))) issues.addIssue({ code: 'custom', message: `sets takes ${ARRAY_SETS.join(', ')}` });
      return wanted.length > 0 ? wanted.filter(isArraySet) : [...ARRAY_SETS];
    }),
    model_id: queryText.refine((value) => !value || parseUuid(value) !== null, { error: 'Invalid model_id', params: { code: 'BAD_UUID' } }),
  }),
});

const isArraySet = (set: string): set is ArraySet => ARRAY_SETS.some((known) => known === set);

export function resultRoutes(services: Services): ApiRouter {
  const router = createRouter();

  const answer = async (ctx: Context): Promise<void> => {
    const { session, mine } = ctx.state;
    const { include, sets, model_id: modelId } = input(ctx, Results).query;
    const [rows, models] = await Promise.all([shownRuns(mine, session.id, parseUuid(modelId)), mine.models(session.id)]);
    const [newest] = rows;
    if (include !== 'arrays' || newest?.status !== 'completed') {
      // a failed run has no arrays, and neither has a session without runs
      const runs = await Promise.all(rows.map(async (row) => ({ row, document: await readDocument(services, row, models) })));
      ctx.body = resultsBody(session, runs);
      return;
    }
    const document = await readDocument(services, newest, models);
    if (!document) throw new Error(`the completed run ${newest.run_id} has no document`);
    const dataset = await mine.dataset(session.id);
    const run = { row: newest, document };
    ctx.body = await streamWithArrays(services, { ...run, dataset }, sets, resultsBody(session, [run]));
    ctx.type = 'json';
  };

  router.get('/results/:session_id', validate(Results, services.config), ownSession(), answer);
  router.get('/get-training-results/:session_id', validate(Results, services.config), ownSession(), answer);

  router.get('/results-summary/:session_id', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const [row, overview] = await Promise.all([mine.session(session.id), mine.resultsOverview(session.id)]);
    if (!row) throw new ApiError('SESSION_NOT_FOUND'); // deleted meanwhile
    ctx.body = resultsSummary(session, row, overview);
  });

  return router;
}
