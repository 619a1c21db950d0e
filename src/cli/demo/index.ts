import path from 'node:path';
import { parseArgs } from 'node:util';
import { joinOrStartStack } from '../joinOrStartStack';
import { evaluationTable } from '../report';
import { modeOf } from '../settingsFile';
import { signUpDemoUser } from './client';
import { loadExample } from './example';
import { createPhaseReporter } from './progress';
import { seriesTable } from './seriesTable';
import { configureAndBuild, openSession, savePlots, uploadFiles } from './session';
import { follow, train } from './training';
import type { TrainedModel } from './training';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/**
 * The main job on real input, over HTTP and Socket.IO like a user's frontend: upload, dataset with its plots, two models, comparison.
 * `--serve` keeps the stack running afterwards; `--state DIR` and `--out DIR` choose the folders.
 */
export async function runDemo(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: { serve: { type: 'boolean', default: false }, state: { type: 'string' }, out: { type: 'string', default: 'demo-output' } },
  });
  const out = path.resolve(values.out);
  const stack = await joinOrStartStack(values.state === undefined ? {} : { stateDir: values.state });
  try {
    const example = await loadExample('etth1');
    const client = await signUpDemoUser(stack.endpoints);
    say(`\nSigned up ${client.email}`);

    const sessionId = await openSession(client);
    say(`Session ${sessionId}\n\nUploading ${example.files.length} series in chunks`);
    say(seriesTable(await uploadFiles(client, sessionId, example)));

    const { rows, dataset } = await configureAndBuild(client, sessionId, example);
    const plots = await savePlots(dataset, path.join(out, 'plots'));
    say(`\nFinalized with ${rows} rows; the dataset holds n_dat = ${dataset.n_dat} windows; ${plots.length} violin plots drawn`);

    const socket = await follow(client, sessionId);
    const models: TrainedModel[] = [];
    try {
      for (const training of example.trainings) {
        say(`\nTraining ${modeOf(training)}`);
        models.push(await train(client, socket, sessionId, training, createPhaseReporter(), path.join(out, 'models')));
        const last = models[models.length - 1];
        if (last) say(`    done in ${last.seconds.toFixed(1)} s${last.backend ? ` on ${last.backend}` : ''}`);
      }
    } finally {
      socket.close();
    }

    for (const output of Object.keys(models[0]?.dfEval ?? {})) {
      say(`\nEvaluation of ${output} on the held-out test windows (original units)`);
      say(evaluationTable(output, models));
    }
    for (const { mode, warnings } of models) for (const warning of warnings) say(`    note on ${mode}: ${warning.message}`);

    say(`\nPlots           ${path.dirname(plots[0] ?? out)}`);
    for (const { mode, file } of models) say(`Model ${mode.padEnd(9)} ${file}`);
    say(`API             ${stack.endpoints.api}`);
    say(`Supabase API    ${stack.endpoints.supabase.url}`);
    say(`Temporal Web UI ${stack.endpoints.temporal.ui ?? stack.endpoints.temporal.address}`);
    if (values.serve) {
      say('\nServing until Ctrl-C.');
      await interrupted();
    }
  } finally {
    await stack.stop();
  }
}

/** Resolves on Ctrl-C or SIGTERM. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
