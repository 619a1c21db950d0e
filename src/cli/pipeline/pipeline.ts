import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ResultDocument } from '../../domain/artefacts';
import { InvalidSettings, readSettingsFile } from '../settingsFile';
import type { SettingsFile } from '../settingsFile';
import { writeArrays } from './arrays';
import { withSeed } from './checkSettings';
import { COMMON_OPTIONS, EXIT, parsed, runCommand, settingsArgument } from './command';
import { openOutputFolder, UsageError } from './outputFolder';
import { drawViolins } from './plots';
import { prepare } from './prepare';
import type { Work } from './prepare';
import { evaluationTables, remarkLines } from './summary';
import { trainAndEvaluate } from './train';

const HELP = `Usage: lastgang pipeline SETTINGS.json --out DIR [options]

From CSV files to a trained and evaluated model, with the code of the service and without any server.
docs/pipeline.md explains every setting and every file of the result.

  --out DIR          gets the results, all at once when they are complete
  --force            replaces the results of an earlier run in DIR
  --seed N           overrides every seed of the settings
  --backend NAME     what trains networks: auto, native or wasm (default: TRAINING_BACKEND, else auto)
  --json             one line of JSON on stdout, everything else on stderr
  --quiet            errors only

Exit code 0: done; 1: failed; 2: usage, settings or data; 130: stopped by Ctrl-C.`;

const OPTIONS = {
  ...COMMON_OPTIONS,
  out: { type: 'string' },
  force: { type: 'boolean', default: false },
  backend: { type: 'string' },
} as const;

const Backend = z.enum(['auto', 'native', 'wasm']).optional();

/** @returns the exit code */
export async function runPipeline(argv: string[]): Promise<number> {
  const { values, positionals } = parsed(() => parseArgs({ args: argv, options: OPTIONS, allowPositionals: true }));
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const settings = settingsArgument(positionals);
  const { out } = values;
  if (out === undefined) throw new UsageError('--out DIR is missing: the folder that gets the results');
  const backend = Backend.safeParse(values.backend);
  if (!backend.success) throw new UsageError(`--backend is auto, native or wasm, not ${values.backend}`);

  return runCommand(values, async (surroundings, { say, answer }) => {
    const TRAINING_BACKEND = backend.data ?? surroundings.config.TRAINING_BACKEND;
    const work: Work = { ...surroundings, config: { ...surroundings.config, TRAINING_BACKEND } };
    const file = await readSettingsFile(settings);
    const folder = await openOutputFolder(out, values.force);
    try {
      const seeded = values.seed === undefined ? file : withSeed(file, values.seed);
      const outcome = await runAll(seeded, folder.staging, work, say);
      work.signal.throwIfAborted();
      await folder.publish();
      say(`\n${evaluationTables(outcome.trainings.map(({ document }) => document))}`);
      if (outcome.remarks.length > 0) say(`\n${remarkLines(outcome.remarks)}`);
      say(`\nResults         ${path.resolve(out)}`);
      answer({ ok: true, out: path.resolve(out), ...described(outcome) });
      return EXIT.ok;
    } finally {
      await folder.discard();
    }
  });
}

interface Outcome {
  nDat: number;
  /** folder of each training, relative to the output */
  trainings: { folder: string; document: ResultDocument }[];
  remarks: { code: string; message: string }[];
}

/** Everything into one folder that nobody sees yet. */
async function runAll(file: SettingsFile, staging: string, work: Work, say: (text: string) => void): Promise<Outcome> {
  const workDir = path.join(staging, 'work');
  await mkdir(workDir);
  const stamp = new Date().toISOString().replace(/\D/g, '').replace(/^(\d{8})(\d{6}).*/, '$1_$2'); // prettier-ignore
  const { prepared, problems, remarks } = await prepare(file, workDir, path.join(staging, 'dataset'), work);
  if (!prepared) throw new InvalidSettings(problems);
  const { dataset } = prepared;
  say(`    n_dat = ${dataset.nDat} windows; inputs ${dataset.inputFeatures.join(', ')}; outputs ${dataset.outputFeatures.join(', ')}`);

  work.phases.begin('plots');
  const undrawn = await drawViolins(prepared, path.join(staging, 'plots'), work);
  work.phases.begin('arrays');
  await writeArrays(prepared.datasetDir, path.join(staging, 'dataset.npz'), work.signal);
  work.phases.end();

  const trainings: Outcome['trainings'] = [];
  for (const [index, training] of prepared.trainings.entries()) {
    say(`\n    ${training.modeAsSent}`);
    const folder = prepared.trainings.length === 1 ? '.' : `${index + 1}_${training.model.kind.replace(/\W/g, '_')}`;
    const run = { stamp, workDir: path.join(workDir, String(index)), outDir: path.join(staging, folder) };
    await mkdir(run.workDir);
    trainings.push({ folder, document: await trainAndEvaluate(prepared, training, run, work) });
  }
  await rm(workDir, { recursive: true });
  return {
    nDat: dataset.nDat,
    trainings,
    remarks: distinct([...remarks, ...undrawn, ...trainings.flatMap(({ document }) => document.warnings)]),
  };
}

/** Remarks on the dataset come with every training. */
const distinct = (remarks: readonly { code: string; message: string }[]): Outcome['remarks'] => [
  ...new Map(remarks.map(({ code, message }) => [message, { code, message }])).values(),
];

const described = ({ nDat, trainings, remarks }: Outcome) => ({
  n_dat: nDat,
  warnings: remarks,
  trainings: trainings.map(({ folder, document }) => ({
    folder,
    model_type: document.model_type,
    backend: document.metadata.backend,
    seconds: document.training['duration_s'],
    test_metrics_original: overall(document),
  })),
});

/** The eight metrics of every output over all steps; those per step are in the document. */
function overall({ evaluation_metrics: { test_metrics_original: metrics } }: ResultDocument): Record<string, object> {
  const outputs = Object.entries(metrics?.per_output ?? {});
  const short = (all: object) => Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith('_TS'))) as object;
  return Object.fromEntries(outputs.map(([output, all]) => [output, short(all)]));
}
