// What the durable machinery costs: POST train-models → training_completed, minus the fit itself, for LIN on examples/etth1 with the dataset cached.
// Starts a stack of its own in a temporary state folder. Limit: 5 s, what a user still takes for "at once" beside the fit.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { startStack } = require('../dist/stack');
const { signUpDemoUser } = require('../dist/cli/demo/client');
const { loadExample } = require('../dist/cli/demo/example');
const { configureAndBuild, openSession, uploadFiles } = require('../dist/cli/demo/session');
const { follow } = require('../dist/cli/demo/training');

const RUNS = 5;
const LIMIT_S = 5;

export async function run(print) {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  const stack = await startStack({ stateDir, quiet: true });
  try {
    const example = await loadExample('etth1');
    const client = await signUpDemoUser(stack.endpoints);
    const session = await openSession(client);
    await uploadFiles(client, session, example);
    await configureAndBuild(client, session, example);
    const socket = await follow(client, session);
    const samples = [];
    for (let k = 0; k < RUNS + 1; k++) samples.push(await once(client, socket, session));
    socket.close();
    const measured = samples.slice(1); // the first run warms worker caches
    const overhead = measured.map(({ wall, fit }) => wall - fit).sort((a, b) => a - b);
    const median = overhead[Math.floor(overhead.length / 2)];
    print({
      measure: 'overhead',
      unit: 's',
      ours: round(median),
      min: round(overhead[0]),
      max: round(overhead[overhead.length - 1]),
      fit: round(measured[0].fit),
      limit: LIMIT_S,
      ratio: round(median / LIMIT_S),
      runs: RUNS,
    });
  } finally {
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** one training; seconds from the request to the terminal event, and of the fit as the result reports it */
async function once(client, socket, session) {
  const ended = new Promise((resolve, reject) => {
    socket.once('training_completed', resolve);
    socket.once('training_error', ({ error }) => reject(new Error(error)));
  });
  const start = performance.now();
  const { runId } = await client.post(`/train-models/${session}`, { model_parameters: { MODE: 'LIN' } });
  await ended;
  const wall = (performance.now() - start) / 1000;
  const { results } = await client.get(`/results/${session}`);
  return { wall, fit: results.find((each) => each.run_id === runId).results.training.duration_s };
}

const round = (value) => Number(value.toFixed(4));
