import fs from 'node:fs';
import path from 'node:path';
import type { WindowDataset } from '../../domain/dataset/types';
import { trainingWarnings } from '../../domain/settings';
import type { Pacer } from '../pacer';
import type { ChildMessage, TrainingOutput, TrainingSpec } from '../types';
import { poseProblem } from './problem';
import type { Problem } from './problem';
import { Reporter } from './reporter';
import { trainLinear } from './trainLinear';
import { trainNeural } from './trainNeural';
import { trainSvr } from './trainSvr';
import type { RunContext, TrainedModels } from './types';

export interface RunOutside {
  send: (message: ChildMessage) => void;
  pacer: Pacer;
  log: (text: string) => void;
}

/**
 * One training from dataset to files: split, scale, train, forecast, save. The output is also left as training.json.
 *
 * @throws TrainingError, PipelineError; Stopped after a stop message
 */
export async function trainRun(spec: TrainingSpec, dataset: WindowDataset, { send, pacer, log }: RunOutside): Promise<TrainingOutput> {
  const began = performance.now();
  const reporter = new Reporter(send);
  reporter.stage('loading', 0);
  await pacer.pause();
  const problem = poseProblem(dataset, spec.settings);
  const started: RunContext['started'] = (backend) => send({ type: 'started', pid: process.pid, backend });
  const trained = await train(spec, problem, { reporter, pacer, log, started });
  const output: TrainingOutput = {
    nTrain: problem.train.length,
    nVal: problem.validation.length,
    nTest: problem.test.length,
    scalers: problem.scalers,
    ...trained,
    training: { ...trained.training, duration_s: (performance.now() - began) / 1000 },
    warnings: [...trainingWarnings(spec.settings, dataset.settings), ...(trained.warnings ?? [])],
  };
  fs.writeFileSync(path.join(spec.outDir, 'training.json'), JSON.stringify(output));
  reporter.stage('saving', 1);
  return output;
}

function train(spec: TrainingSpec, problem: Problem, context: RunContext): Promise<TrainedModels> {
  const { model } = spec.settings;
  switch (model.kind) {
    case 'LIN':
      return trainLinear(spec, problem, context);
    case 'Dense':
    case 'CNN':
    case 'LSTM':
    case 'AR LSTM':
      return trainNeural(spec, problem, context);
    case 'SVR':
      return trainSvr(spec, model, problem, context);
  }
}
