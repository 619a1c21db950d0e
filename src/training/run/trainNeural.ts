import type { TrainableNetwork } from '../backends';
import { openBackend } from '../backends';
import { atTheBeginning, fingerprintOf, fitNetwork, readCheckpoint } from '../fit';
import type { FitObserver, FitPlan, FitSnapshot } from '../fit';
import { checkSize, describeNetwork, initialWeights, inputSize, parameterCount } from '../networks';
import type { Network } from '../networks';
import { saveNetwork } from '../exports';
import type { BackendInfo, TrainingSpec } from '../types';
import { CheckpointWriter } from './checkpoints';
import { writeForecasts } from './forecastFile';
import type { Problem } from './problem';
import { SystemLog } from './systemLog';
import type { RunContext, TrainedModels } from './types';
import { materialise, shapeOf, windowSamples } from './windowSamples';

/** Trains a network, forecasts validation and test part with its best weights, and writes its files. */
export async function trainNeural(
  spec: TrainingSpec,
  problem: Problem,
  { reporter, pacer, log, started }: RunContext,
): Promise<TrainedModels> {
  const { model, split } = spec.settings;
  const network = describeNetwork(model, shapeOf(problem));
  checkSize(network, spec.limits.maxModelParameters);
  const backend = await openBackend(spec.backend, log);
  started(backend.info);
  await pacer.pause();
  const trainable = backend.create(network, initialWeights(network, split.seed), windowSamples(problem, problem.train));
  log(`${backend.info.name} ${backend.info.version}, ${trainable.mode}, ${parameterCount(network)} parameters`);
  reporter.stage('loading', 1);

  const validation = materialise(windowSamples(problem, problem.validation), network.shape);
  const plan: FitPlan = { trainCount: problem.train.length, validation, epochs: epochsOf(spec) };
  const fingerprint = fingerprintOf(factsOf(spec, problem, network, backend.info));
  const resumed = resume(spec, fingerprint, network, trainable, log);
  const start = resumed?.progress ?? atTheBeginning(split.seed);
  const system = new SystemLog(resumed?.system);
  const course = reporter.course(plan, start);
  const checkpoints = new CheckpointWriter(spec.outDir, fingerprint, (epoch, dir) => reporter.checkpoint(epoch, dir));
  const observer: FitObserver = {
    onBatch(progress, position, snapshot) {
      const complete = (): FitSnapshot => ({ ...snapshot(), system: system.figures });
      course.batch(progress, position);
      checkpoints.between(complete);
      return pacer.breathe(() => checkpoints.save(complete()));
    },
    onEpoch(progress, seconds, snapshot) {
      course.epoch(progress, seconds);
      system.afterEpoch(seconds);
      checkpoints.save({ ...snapshot(), system: system.figures });
      return pacer.breathe(); // what there is to save is saved
    },
  };
  const fit = await fitNetwork(trainable, plan, start, resumed?.best ?? [], observer);

  const predict = (windows: Int32Array): Float32Array => {
    const inputs = new Float32Array(windows.length * inputSize(network));
    windowSamples(problem, windows).readInputs(0, windows.length, inputs);
    return trainable.predict(inputs, windows.length);
  };
  const forecastFile = await writeForecasts(spec.outDir, [problem.validation, problem.test], predict, (fraction) => {
    reporter.stage('predicting', fraction);
    return pacer.pause();
  });
  reporter.stage('saving', 0);
  const models = await saveNetwork(network, trainable.readWeights(), { folder: spec.outDir, modelClass: model.kind, stamp: spec.stamp });
  trainable.dispose();
  const training = {
    epochs_run: fit.epochsRun,
    best_epoch: fit.bestEpoch,
    stopped_early: fit.stoppedEarly,
    history: fit.history,
    system: system.report(),
    parameters: parameterCount(network),
  };
  return { backend: backend.info, forecastFile, models, training };
}

function epochsOf({ settings: { model } }: TrainingSpec): number {
  return 'epochs' in model ? model.epochs : 0;
}

/** Everything that decides the numbers of a run. */
function factsOf(spec: TrainingSpec, problem: Problem, network: Network, backend: BackendInfo): unknown {
  const counts = [problem.train.length, problem.validation.length, problem.test.length];
  return {
    run: spec.runId,
    model: spec.settings.model,
    split: spec.settings.split,
    scalers: problem.scalers,
    shape: network.shape,
    counts,
    backend,
  };
}

/** Puts the arrays of an earlier attempt into the network. A checkpoint of another back end is not used: the result would be neither's. */
function resume(spec: TrainingSpec, fingerprint: string, network: Network, trainable: TrainableNetwork, log: (text: string) => void) {
  if (spec.resumeDir === null) return null;
  const snapshot = readCheckpoint(spec.resumeDir, fingerprint, network);
  if (snapshot === null) {
    log('the checkpoint cannot be used (damaged, or of another back end): training starts again');
    return null;
  }
  trainable.writeWeights(snapshot.weights);
  trainable.writeOptimizer(snapshot.optimizer);
  log(`going on after epoch ${snapshot.progress.epoch}, batch ${snapshot.progress.batch}`);
  return snapshot;
}
