import { Readable } from 'node:stream';
import { z } from 'zod';
import { INVALID, lenientBoolean } from '../http/lenient';
import { isModelFileName } from '../http/modelFileName';
import { input, ownSession, requestSchema, subscription, validate } from '../middleware';
import { createPredictor, modelInput, readWindows, usableModel } from '../predictions';
import { predictionBody } from '../presenters/predictions';
import { nestedJson } from '../results';
import type { ApiRouter, Context, Services } from '../types';
import { createRouter } from '../types';

const Prediction = requestSchema({
  body: z.object({
    input_data: z
      .unknown()
      .optional()
      .transform((sent, issues) => {
        if (sent === undefined || sent === null || sent === '') {
          const message = 'input_data field is required';
          issues.addIssue({ code: 'custom', message, params: { code: 'MISSING_PREDICTION_INPUT' } });
          return z.NEVER;
        }
        const read = readWindows(sent);
        if (!('complaint' in read)) return read;
        issues.addIssue({ code: 'custom', message: read.complaint, path: read.path });
        return z.NEVER;
      }),
    model_filename: z
      .unknown()
      .optional()
      .transform((sent, issues): string | null => {
        if (sent === undefined || sent === null || sent === '') return null;
        if (typeof sent === 'string' && isModelFileName(sent)) return sent;
        issues.addIssue({ code: 'custom', message: 'Invalid model file name' });
        return z.NEVER;
      }),
    apply_scaling: z
      .unknown()
      .optional()
      .transform((sent, issues): boolean => {
        const flag = lenientBoolean(sent);
        if (flag === INVALID) issues.addIssue({ code: 'custom', message: 'apply_scaling must be true or false' });
        return flag !== false;
      }),
  }),
  bodyOptional: true, // it is the input that is missed first
  large: true,
  codes: { input_data: 'INVALID_PREDICTION_INPUT', model_filename: 'INVALID_MODEL_FILENAME' },
});

export function predictRoutes(services: Services): ApiRouter {
  const router = createRouter();
  const predict = createPredictor(services);

  router.post('/predict/:session_id', subscription(), validate(Prediction, services.config), ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const { input_data: sent, model_filename: filename, apply_scaling: scaling } = input(ctx, Prediction).body;
    const model = await usableModel(services, mine, session.id, filename); // 404
    const inputs = modelInput(sent, model.input); // 400
    const forecast = await predict(model, { inputs, scaling, signal: whileConnected(ctx) }); // 404, 500
    const { steps, features } = model.output;
    const count = inputs.length / (model.input.steps * model.input.features.length);

    async function* text(): AsyncGenerator<string, void> {
      yield JSON.stringify(predictionBody(session, model, { count, scaling })).slice(0, -1);
      yield ',"predictions":';
      yield* nestedJson([count, steps, features.length], [forecast]);
      yield '}';
    }
    ctx.body = Readable.from(text(), { objectMode: false });
    ctx.type = 'json';
  });

  return router;
}

function whileConnected(ctx: Context): AbortSignal {
  const gone = new AbortController();
  ctx.res.once('close', () => gone.abort());
  return gone.signal;
}
