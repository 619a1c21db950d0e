import { describeRoutes } from '../openapi';
import type { Described } from '../openapi';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';
import { arrayRoutes } from './arrays';
import { cancelUploadRoutes } from './cancelUpload';
import { csvFileRoutes } from './csvFiles';
import { datasetRoutes } from './datasets';
import { descriptionRoutes } from './description';
import { evaluationRoutes } from './evaluation';
import { finalizeRoutes } from './finalize';
import { healthRoutes } from './health';
import { modelRoutes } from './models';
import { plotRoutes } from './plots';
import { plotVariableRoutes } from './plotVariables';
import { predictRoutes } from './predict';
import { resultRoutes } from './results';
import { scalerRoutes } from './scalers';
import { sessionDeletionRoutes } from './sessionDeletion';
import { sessionRoutes } from './sessions';
import { statusRoutes } from './status';
import { timeConfigRoutes } from './timeConfig';
import { trainingRoutes } from './training';
import { uploadChunkRoutes } from './uploadChunk';
import { visualizationRoutes } from './visualizations';

/** Every route under /api/training: one router per resource. */
const RESOURCES: readonly ((services: Services) => ApiRouter)[] = [
  sessionRoutes,
  sessionDeletionRoutes,
  uploadChunkRoutes,
  cancelUploadRoutes,
  finalizeRoutes,
  timeConfigRoutes,
  csvFileRoutes,
  datasetRoutes,
  trainingRoutes,
  statusRoutes,
  resultRoutes,
  modelRoutes,
  evaluationRoutes,
  visualizationRoutes,
  scalerRoutes,
  arrayRoutes,
  plotVariableRoutes,
  plotRoutes,
  predictRoutes,
];

function apiRoutes(services: Services): ApiRouter {
  const api = createRouter();
  for (const routes of RESOURCES) api.use('/api/training', routes(services).routes());
  return api;
}

// the same whatever the services
let described: Described | null = null;

export interface Routes {
  /** at the root, without authentication */
  open: ApiRouter;
  /** under /api/training */
  api: ApiRouter;
  described: Described;
}

/** All routes and their description, made here once (a tenth of a second) so that no request waits for it. */
export function createRoutes(services: Services): Routes {
  const api = apiRoutes(services);
  const open = createRouter();
  open.use(healthRoutes(services).routes());
  open.use(descriptionRoutes(() => described?.document ?? {}).routes());
  described ??= describeRoutes(open, api);
  return { open, api, described };
}
