import { z } from 'zod';
import { ApiError } from '../errors';
import { isObject } from '../http/body';
import { cancelActiveJob, planTraining, readTrainingSettings, startNewJob, trainingJob } from '../jobs';
import { input, ownSession, requestSchema, subscription, validate } from '../middleware';
import { cancelledBody, trainingStartedBody } from '../presenters/job';
import type { ApiRouter, Context, Guard, Services } from '../types';
import { createRouter } from '../types';

/** Types and ranges of the four members are checked by the domain, all findings at once. */
const TrainModels = requestSchema({
  body: z.object({
    model_parameters: z.unknown().optional(),
    training_split: z.unknown().optional(),
    seed: z.unknown().optional(),
    scaler_fit: z.unknown().optional(),
  }),
});

export function trainingRoutes(services: Services): ApiRouter {
  const router = createRouter();

  router.post(
    '/train-models/:session_id',
    subscription({ training: true }),
    validate(TrainModels, services.config),
    readableSettings(services),
    ownSession(),
    async (ctx) => {
      const { session, mine, user, log } = ctx.state;
      const { snapshot, training } = await planTraining(mine, session, settingsOf(ctx, services), services.config); // 400, 422
      const run = await startNewJob({ ...services, log }, trainingJob(user.id, session, snapshot, training)); // 409, 403, 503
      ctx.body = trainingStartedBody(session, run);
    },
  );

  router.post('/cancel-training/:session_id', ownSession(), async (ctx) => {
    const { session, mine, log } = ctx.state;
    ctx.body = cancelledBody(session, await cancelActiveJob({ ...services, log }, mine, session.id));
  });

  return router;
}

/** Model and split come before the session (http-api route 22, order of checks). */
function readableSettings(services: Services): Guard {
  return async (ctx, next) => {
    if (Object.keys(input(ctx, TrainModels).raw).length === 0) throw new ApiError('MISSING_BODY');
    settingsOf(ctx, services);
    await next();
  };
}

const settingsOf = (ctx: Context, { config }: Services): ReturnType<typeof readTrainingSettings> => {
  const { body } = input(ctx, TrainModels);
  return readTrainingSettings(isObject(body) ? body : {}, config.SVR_MAX_ROWS);
};
