import { createDatabaseSteps } from './cleanup/steps';
import { createObjectSteps } from './cleanup/objects';
import { createRecoverJobs } from './cleanup/recoverJobs';
import { createCancelRun, createCompleteDataset, createCompleteTraining, createFailRun } from './finish';
import { createEnsureDataset } from './jobs/ensureDataset';
import { createEvaluateModel } from './jobs/evaluateModel';
import { createRenderViolins } from './jobs/renderViolins';
import { createOpenRun, createTrainingsAhead } from './openRun';
import type { ActivityServices } from './services';
import type { CleanupActivities, FinishActivities, PrepareActivities, UploadActivities } from './types';
import { createAbandonAssembly } from './uploads/abandonAssembly';
import { createAssembleFile } from './uploads/assembleFile';
import { createFinalizeSession } from './uploads/finalizeSession';

/** Everything queue `pipeline` runs. Names are those the Web UI shows; a renamed activity breaks the replay of running workflows. */
export const createPipelineActivities = (
  services: ActivityServices,
): PrepareActivities & FinishActivities & UploadActivities & CleanupActivities => ({
  openRun: createOpenRun(services),
  trainingsAhead: createTrainingsAhead(services),
  ensureDataset: createEnsureDataset(services),
  renderViolins: createRenderViolins(services),
  evaluateModel: createEvaluateModel(services),
  completeDataset: createCompleteDataset(services),
  completeTraining: createCompleteTraining(services),
  failRun: createFailRun(services),
  cancelRun: createCancelRun(services),
  assembleFile: createAssembleFile(services),
  abandonAssembly: createAbandonAssembly(services),
  finalizeSession: createFinalizeSession(services),
  recoverJobs: createRecoverJobs(services),
  ...createDatabaseSteps(services),
  ...createObjectSteps(services),
});
