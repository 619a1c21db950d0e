import { ApiError } from '../errors';
import { ownSession } from '../middleware';
import { evaluationBody } from '../presenters/evaluation';
import type { ApiRouter } from '../types';
import { createRouter } from '../types';

export function evaluationRoutes(): ApiRouter {
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

  return router;
}
