import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';
import { cancelUploadRoutes } from './cancelUpload';
import { csvFileRoutes } from './csvFiles';
import { datasetRoutes } from './datasets';
import { evaluationRoutes } from './evaluation';
import { finalizeRoutes } from './finalize';
import { healthRoutes } from './health';
import { modelRoutes } from './models';
import { plotVariableRoutes } from './plotVariables';
import { resultRoutes } from './results';
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
  plotVariableRoutes,
];

export function apiRoutes(services: Services): ApiRouter {
  const api = createRouter();
  for (const routes of RESOURCES) api.use('/api/training', routes(services).routes());
  return api;
}

/** Routes at the root that need no authentication. */
export const openRoutes = (services: Services): ApiRouter => healthRoutes(services);
