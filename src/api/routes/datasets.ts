import { z } from 'zod';
import { createViolinRenderer } from '../datasets';
import { lenientNumber } from '../http/lenient';
import { queryText } from '../http/query';
import { adoptDataset, cachedDataset, datasetJob, datasetOutcome, planDataset, refuseActiveJob, startNewJob } from '../jobs';
import { input, ownSession, requestSchema, subscription, validate } from '../middleware';
import { datasetBody, processingBody } from '../presenters/datasets';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

const LONGEST_WAIT_SECONDS = 600;

const GenerateDatasets = requestSchema({
  // the two objects are accepted and have no influence here
  body: z.object({ model_parameters: z.unknown().optional(), training_split: z.unknown().optional() }),
  bodyOptional: true,
  query: z.object({
    wait: queryText.transform((value, issues): number | null => {
      const seconds = lenientNumber(value);
      if (seconds === null) return null;
      if (typeof seconds === 'number' && seconds >= 0 && seconds <= LONGEST_WAIT_SECONDS) return seconds;
      issues.addIssue({ code: 'custom', message: `wait must be between 0 and ${LONGEST_WAIT_SECONDS} seconds` });
      return z.NEVER;
    }),
    format: queryText
      .transform((value) => value?.trim().toLowerCase() || 'png')
      .pipe(z.enum(['png', 'svg'], { error: 'format must be "png" or "svg"' })),
  }),
});

export function datasetRoutes(services: Services): ApiRouter {
  const router = createRouter();
  const violins = createViolinRenderer(services);

  router.post('/generate-datasets/:session_id', subscription(), validate(GenerateDatasets, services.config), ownSession(), async (ctx) => {
    const { session, mine, user, log } = ctx.state;
    const { wait, format } = input(ctx, GenerateDatasets).query;
    const reading = { ...services, violins, mine, session, format };

    const snapshot = await planDataset(mine, session, services.config); // 400, 422
    await refuseActiveJob(mine, session); // 409
    const cached = await cachedDataset(reading, snapshot);
    if (cached) {
      await adoptDataset(reading, snapshot);
      ctx.body = datasetBody(cached);
      return;
    }
    const run = await startNewJob({ ...services, log }, datasetJob(user.id, session, snapshot)); // 409, 403, 503
    const seconds = wait ?? services.config.DATASET_WAIT_SECONDS;
    const outcome = await datasetOutcome(reading, run, snapshot, seconds * 1000, () => ctx.res.destroyed); // 422, 500, 503
    if (typeof outcome === 'string') {
      ctx.status = 202;
      ctx.body = processingBody(session, run.workflowId, outcome);
    } else {
      ctx.body = datasetBody(outcome);
    }
  });

  return router;
}
