import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ResultDocument } from '../../domain/artefacts';
import type { TrainingSettings } from '../../domain/settings';
import { createLogger } from '../../log';
import { runTraining } from '../../training';
import type { ChildMessage, TrainingOutput, TrainingSpec } from '../../training';
import { epochText } from '../phaseLines';
import type { PhaseLines } from '../phaseLines';
import { drawTestSet } from './plots';
import type { Prepared, Work } from './prepare';

const unzip = promisify(gunzip);

export interface TrainingRun {
  /** names the run in model files, `YYYYMMDD_HHMMSS` */
  stamp: string;
  /** existing folder of its own for what is not kept */
  workDir: string;
  /** gets result.json, test_data.npz, scalers.json, models/ and plots/test_set.png */
  outDir: string;
}

const ARRAYS = 'test_data.npz';

/** Trains one model in a process of its own, compares it on the test windows, and lays its files down. */
export async function trainAndEvaluate(
  prepared: Prepared,
  training: TrainingSettings,
  { stamp, workDir, outDir }: TrainingRun,
  work: Work,
): Promise<ResultDocument> {
  const { config, phases, signal } = work;
  phases.begin('training');
  const spec: TrainingSpec = {
    runId: stamp,
    datasetDir: prepared.datasetDir,
    outDir: workDir,
    resumeDir: null,
    settings: training,
    stamp,
    limits: { maxModelParameters: config.MAX_MODEL_PARAMETERS, svrMaxRows: config.SVR_MAX_ROWS, svrCacheBytes: config.SVR_CACHE_BYTES },
    backend: config.TRAINING_BACKEND,
  };
  // the terminal belongs to the phases: what a training says for operators stays away
  const quiet = { env: { LOG_LEVEL: 'silent' }, log: createLogger('training', 'silent') };
  const output = await runTraining(spec, { signal, onMessage: tell(phases), ...quiet });
  phases.begin('evaluation');
  await mkdir(outDir, { recursive: true });
  const arraysFile = path.join(outDir, ARRAYS);
  const document = await evaluate(prepared, training, output, { workDir, arraysFile }, work);
  await writeFile(path.join(outDir, 'result.json'), document);
  await writeFile(path.join(outDir, 'scalers.json'), JSON.stringify(output.scalers, null, 2));
  const models = path.join(outDir, 'models');
  await mkdir(models);
  for (const { path: file, filename } of output.models) await rename(file, path.join(models, filename));
  if (output.nTest > 0) {
    phases.begin('plots');
    await drawTestSet(prepared, training, output.scalers, { arraysFile, folder: path.join(outDir, 'plots') }, work);
  }
  phases.end();
  return JSON.parse(document) as ResultDocument;
}

/** The service's evaluation, in a worker thread. @returns text of the result document */
async function evaluate(
  { settings, series, datasetDir, contentHash }: Prepared,
  training: TrainingSettings,
  { forecastFile, models, ...report }: TrainingOutput,
  { workDir, arraysFile }: { workDir: string; arraysFile: string },
  { compute, signal }: Work,
): Promise<string> {
  const [reportFile, documentFile] = [path.join(workDir, 'report.json'), path.join(workDir, 'result.json.gz')];
  await writeFile(reportFile, JSON.stringify(report));
  const outputs = settings.series.flatMap(({ label, role }, index) =>
    role === 'output' ? [{ seriesFile: series[index]!.seriesFile, label, role }] : [],
  );
  const task = {
    datasetDir,
    contentHash,
    settings,
    training,
    reportFile,
    forecastFile,
    outputs,
    statistics: series.map(({ statistics }) => statistics),
    models,
    documentFile,
    arraysFile,
    arraysName: ARRAYS,
  };
  await compute.run('evaluateForecast', task, signal);
  return (await unzip(await readFile(documentFile))).toString('utf8');
}

/** Where lines cannot grow, epochs shorter than this are not told one by one. */
const PLAIN_EPOCH_MS = 1_000;

/** Shows what the training process says. */
function tell(phases: PhaseLines): (message: ChildMessage) => void {
  let told = -Infinity;
  return (message) => {
    if (message.type === 'progress') {
      const { stage, fraction, epoch } = message;
      if (stage === 'training') phases.update(fraction, epoch === null ? undefined : epochText({ ...message, epoch }));
    } else if (message.type === 'epoch') {
      const { epoch, totalEpochs } = message;
      phases.update(epoch / totalEpochs, epochText(message));
      if (epoch < totalEpochs && performance.now() - told < PLAIN_EPOCH_MS) return;
      told = performance.now();
      phases.plain(`    ${epochText(message)}`);
    }
  };
}
