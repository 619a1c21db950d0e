// 200 clients ask for the /status of a training that runs, every two seconds as the web frontend does, over connections that stay open.
// Limits: no error, 99 of 100 answers within 50 ms. On two cores the training takes one of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './lib/http.mjs';
import { round } from './lib/measure.mjs';
import { peakRssOf } from './lib/processMemory.mjs';

const require = createRequire(import.meta.url);
const { startStack } = require('../dist/stack');
const { signUpDemoUser } = require('../dist/cli/demo/client');
const { loadExample } = require('../dist/cli/demo/example');
const { configureAndBuild, openSession, uploadFiles } = require('../dist/cli/demo/session');

const CLIENTS = 200;
const PAUSE_MS = 2_000;
const SECONDS = 30;
const LIMIT_MS = 50;
/** far longer than the measurement */
const TRAINING = { model_parameters: { MODE: 'Dense', LAY: 3, N: 2048, EP: 400, ACTF: 'ReLU' } };

export async function run(print) {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  const stack = await startStack({ stateDir, quiet: true, env: { ...process.env, RATE_LIMIT_POLL: '1000000' } });
  const { api } = JSON.parse(readFileSync(path.join(stateDir, 'processes.json'), 'utf8'));
  try {
    const example = await loadExample('etth1');
    const client = await signUpDemoUser(stack.endpoints);
    const session = await openSession(client);
    await uploadFiles(client, session, example);
    await configureAndBuild(client, session, example);
    await client.post(`/train-models/${session}`, TRAINING);
    const ask = async () => JSON.parse(await statusOf(client, session));
    while ((await ask()).phase !== 'training') await sleep(200);
    const apiPeak = peakRssOf(api.pid);
    const { times, errors } = await poll(() => statusOf(client, session));
    const { status } = await ask();
    if (status !== 'running') throw new Error(`the training was over too early: ${status}`);
    print({
      measure: 'status',
      unit: 'ms',
      ours: at(times, 0.99),
      limit: LIMIT_MS,
      ratio: round(at(times, 0.99) / LIMIT_MS),
      p50: at(times, 0.5),
      max: at(times, 1),
      errors,
      requests: times.length,
      clients: CLIENTS,
      peak_rss_mb: apiPeak(),
    });
  } finally {
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

const statusOf = async ({ apiUrl, token }, session) =>
  (await send('GET', `${apiUrl}/api/training/status/${session}?job=training`, { Authorization: `Bearer ${token}` })).text;

/** @returns milliseconds of each answer, ascending, and how many requests failed */
async function poll(ask) {
  const times = [];
  let errors = 0;
  const end = performance.now() + SECONDS * 1000;
  const client = async (number) => {
    await sleep((number / CLIENTS) * PAUSE_MS); // users do not begin in the same moment
    while (performance.now() < end) {
      const from = performance.now();
      await ask().catch(() => (errors += 1));
      times.push(performance.now() - from);
      await sleep(Math.max(0, PAUSE_MS - (performance.now() - from)));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return { times: times.sort((a, b) => a - b), errors };
}

const at = (sorted, share) => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
