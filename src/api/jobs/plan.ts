import type { Finding } from '../../domain/findings';
import { checkStepCounts, parseTrainingSettings } from '../../domain/settings';
import type { TrainingSettings } from '../../domain/settings/types';
import { datasetLimits } from '../../config';
import type { Config } from '../../config';
import type { UserStore } from '../../store';
import { ApiError } from '../errors';
import { detailOf, fromFindings } from '../findings';
import type { OwnSession } from '../types';
import { datasetFeasibility, trainingFeasibility } from './feasibility';
import { takeSnapshot } from './snapshot';
import type { Snapshot } from './snapshot';

export interface TrainingPlan {
  snapshot: Snapshot;
  training: TrainingSettings;
}

/** Model and split of a request (http-api B.5, B.6). @param svrMaxRows as installed @throws ApiError INVALID_MODEL_PARAMS, INVALID_TRAINING_SPLIT with every finding */
export function readTrainingSettings(body: Record<string, unknown>, svrMaxRows?: number): TrainingSettings {
  const { settings, findings } = parseTrainingSettings(body, svrMaxRows);
  if (!settings) throw fromFindings(findings);
  return settings;
}

/** Checks of route 21 up to feasibility. @throws ApiError with every finding of the first kind that has any */
export async function planDataset(mine: UserStore, session: OwnSession, config: Config): Promise<Snapshot> {
  const snapshot = await takeSnapshot(mine, session);
  refuseInfeasible(datasetFeasibility(snapshot, datasetLimits(config)));
  return snapshot;
}

/** Checks of route 22 between the settings and the conflict with another job. @throws ApiError as planDataset, and for the model's own demands */
export async function planTraining(
  mine: UserStore,
  session: OwnSession,
  training: TrainingSettings,
  config: Config,
): Promise<TrainingPlan> {
  const snapshot = await takeSnapshot(mine, session);
  const unequal = checkStepCounts(training, snapshot.settings.steps);
  if (unequal.length > 0) throw fromFindings(unequal);
  const limits = { ...datasetLimits(config), maxModelParameters: config.MAX_MODEL_PARAMETERS, svrMaxRows: config.SVR_MAX_ROWS };
  refuseInfeasible(trainingFeasibility(snapshot, training, limits));
  return { snapshot, training };
}

function refuseInfeasible(findings: readonly Finding[]): void {
  const [first] = findings;
  if (first) throw new ApiError('NOT_FEASIBLE', { error: first.message, details: findings.map(detailOf) });
}
