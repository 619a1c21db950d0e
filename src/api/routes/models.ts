import { z } from 'zod';
import { ApiError } from '../errors';
import { modelFileName } from '../http/modelFileName';
import { sendObject } from '../http/objectDownload';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { newestModel } from '../models/newest';
import { verifyModels } from '../models/verify';
import { modelListBody, savedModelsBody } from '../presenters/models';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

const Download = requestSchema({ query: z.object({ filename: modelFileName }) });

export function modelRoutes({ config, store, log }: Services): ApiRouter {
  const router = createRouter();

  router.get('/list-models-database/:session_id', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    ctx.body = modelListBody(session, await mine.models(session.id));
  });

  router.post('/save-model/:session_id', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const [run] = await mine.results(session.id, { status: 'completed', limit: 1 });
    if (!run) throw new ApiError('RESULTS_NOT_FOUND');
    const models = (await mine.models(session.id)).filter(({ run_id: runId }) => runId === run.run_id);
    if (models.length === 0) throw new ApiError('MODEL_NOT_FOUND');
    const checked = await verifyModels(store, models);
    if (checked.failed.length > 0) log.error({ runId: run.run_id, models: checked.failed.length }, 'stored models are lost or damaged');
    if (checked.stored.length === 0) throw new ApiError('MODEL_SAVE_ERROR', { extra: { failed_models: checked.failed } });
    ctx.body = savedModelsBody(session, checked);
  });

  router.get('/download-model-h5/:session_id', validate(Download, config), ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const models = await mine.models(session.id);
    const { filename } = input(ctx, Download).query;
    const model = filename ? models.find((one) => one.filename === filename) : newestModel(models);
    if (!model) throw new ApiError('MODEL_NOT_FOUND');
    const { bucket, object_path: path, size_bytes: size, sha256 } = model;
    await sendObject(ctx, store, { bucket, path, filename: model.filename, size, sha256 });
  });

  return router;
}
