import { z } from 'zod';
import { queryText } from '../http/query';
import { jobStatus } from '../jobs';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { jobStatusBody, notStartedBody } from '../presenters/job';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

const Status = requestSchema({
  query: z.object({
    job: queryText
      .transform((value) => value || undefined)
      .pipe(z.enum(['dataset', 'training'], { error: 'job must be "dataset" or "training"' }).optional()),
  }),
});

export function statusRoutes(services: Services): ApiRouter {
  const router = createRouter();

  router.get('/status/:session_id', validate(Status, services.config), ownSession({ recent: true }), async (ctx) => {
    const { session, mine, recent, log } = ctx.state;
    const kind = input(ctx, Status).query.job ?? null;
    const job = await jobStatus({ ...services, log }, { mine, recent }, session.id, kind);
    ctx.body = job ? jobStatusBody(session, job) : notStartedBody(session, kind);
  });

  return router;
}
