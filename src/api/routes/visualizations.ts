import { ApiError } from '../errors';
import { ownSession } from '../middleware';
import { visualizationsBody } from '../presenters/plots';
import type { ApiRouter } from '../types';
import { createRouter } from '../types';

export function visualizationRoutes(): ApiRouter {
  const router = createRouter();

  router.get('/visualizations/:session_id', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const [row, plots] = await Promise.all([mine.session(session.id), mine.visualizations(session.id)]);
    if (plots.length === 0) throw new ApiError('VISUALIZATION_NOT_FOUND');
    ctx.body = visualizationsBody(session, row, plots);
  });

  return router;
}
