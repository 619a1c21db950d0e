import { Readable } from 'node:stream';
import { trainingArraysSize, trainingArraysStream } from '../../domain/artefacts';
import { PIPELINE_VERSION } from '../../domain/dataset';
import { columnsReader, loadManifest } from '../datasets';
import { ApiError } from '../errors';
import { sendDownload } from '../http/objectDownload';
import { streamPart } from '../http/streamPart';
import { ownSession } from '../middleware';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

export function arrayRoutes(services: Services): ApiRouter {
  const router = createRouter();

  router.get('/download-arrays/:session_id', ownSession(), async (ctx) => {
    const { session, mine } = ctx.state;
    const dataset = await mine.dataset(session.id);
    if (dataset?.pipeline_version !== PIPELINE_VERSION) throw new ApiError('RESULTS_NOT_FOUND', { error: NO_DATASET });
    const { object_path: path, content_hash: version, n_dat: windowCount } = dataset;
    await sendDownload(ctx, {
      filename: 'training_arrays.npz',
      contentType: 'application/octet-stream',
      size: trainingArraysSize({
        windowCount,
        input: { steps: dataset.input_steps, columns: dataset.input_features.length },
        output: { steps: dataset.output_steps, columns: dataset.output_features.length },
      }),
      version, // the hash of everything the windows follow from
      open: async (range) => {
        const archive = trainingArraysStream(await loadManifest(services, path), columnsReader(services, path));
        return Readable.from(range ? streamPart(archive, range) : archive, { objectMode: false });
      },
    });
  });

  return router;
}

const NO_DATASET = 'No dataset found for this session. Generate the datasets first';
