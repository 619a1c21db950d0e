// npm run test:acceptance: the black-box suite (test/acceptance), against a private stack or against one that runs already.
//   npm run test:acceptance                 everything; rewrites test/acceptance/COVERAGE.md
//   npm run test:acceptance -- uploads      the files whose path contains "uploads"; the table stays as it is
// LASTGANG_API_URL, LASTGANG_SUPABASE_URL and LASTGANG_SUPABASE_KEY name a running stack; then nothing is started or written
// (docs/operations.md). The last line is always "N passed, N failed".
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { main, say, UserError } from './lib/console.mjs';
import { writeCoverage } from './lib/coverage.mjs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { jest, onPrivateStack, runSuites } from './lib/suite.mjs';

const SUITE = 'test/acceptance/';
const shownFile = inRoot('node_modules', '.cache', 'lastgang-shown.jsonl');

/** Endpoints of the stack the environment names, in the form of a private stack's file; null when it names none. */
function givenStack({
  LASTGANG_API_URL: api,
  LASTGANG_SUPABASE_URL: url,
  LASTGANG_SUPABASE_KEY: publishableKey,
  LASTGANG_SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey,
}) {
  if (!api && !url) return null;
  if (!api || !url || !publishableKey)
    throw new UserError('Set LASTGANG_API_URL, LASTGANG_SUPABASE_URL and LASTGANG_SUPABASE_KEY, or none of them for a private stack.');
  return { api, supabase: { url, publishableKey, ...(serviceRoleKey ? { serviceRoleKey } : {}) } };
}

async function onGivenStack(endpoints, args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-acceptance-'));
  const file = path.join(folder, 'endpoints.json');
  try {
    writeFileSync(file, JSON.stringify(endpoints), { mode: 0o600 }); // the key may be in it
    return await jest(args, { LASTGANG_ENDPOINTS: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onOwnStack(args, signal, whole) {
  if ((await run(process.execPath, [inRoot('scripts', 'setup.mjs'), '--quiet'], { show: true })).code !== 0)
    throw new UserError('The set-up failed.');
  mkdirSync(path.dirname(shownFile), { recursive: true });
  rmSync(shownFile, { force: true });
  const result = await onPrivateStack(signal, (env) => jest(args, { ...env, LASTGANG_SHOWN: shownFile }));
  // a table of a part, or of a run that failed, would show gaps that are none
  if (!whole || result.failed > 0) return result;
  const gaps = writeCoverage(shownFile);
  say(`test/acceptance/COVERAGE.md is written; documented and not covered: ${gaps.length === 0 ? 'nothing' : gaps.length}`);
  for (const gap of gaps) say(`  ${gap}`);
  return result;
}

async function suites(args, signal) {
  const options = args.filter((arg) => arg.startsWith('-'));
  const names = args.filter((arg) => !arg.startsWith('-'));
  const chosen = ['--runInBand', ...options, names.length === 0 ? SUITE : `${SUITE}.*(${names.join('|')})`];
  const given = givenStack(process.env);
  const result = given ? await onGivenStack(given, chosen) : await onOwnStack(chosen, signal, args.length === 0);
  if (result.leftOut > 0) say(`${result.leftOut} tests were left out: this stack does not offer what they need`);
  return [result];
}

await main(() => runSuites(suites));
