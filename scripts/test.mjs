// npm test: one stack for the whole suite, then jest. Options go to jest.
//   npm test -- --no-stack unit        tests that need no stack
//   npm test -- uploads                the stack, and the files whose path contains "uploads"
// The last line is always "N passed, N failed".
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { main, say, seconds, UserError } from './lib/console.mjs';
import { inRoot } from './lib/paths.mjs';
import { ENVIRONMENTS, ensurePython } from './lib/python.mjs';
import { run } from './lib/run.mjs';

const load = createRequire(import.meta.url);
const stateDir = inRoot('.lastgang-test');
const resultFile = inRoot('node_modules', '.cache', 'lastgang-jest.json');
const NO_STACK_NEEDED = 'test/(unit|golden|training|interop|cli)/';
// the suite is one busy user; the limits have tests of their own
const LIMITS = Object.fromEntries(
  ['UPLOAD', 'POLL', 'READ', 'WRITE', 'HEAVY', 'ANONYMOUS'].map((name) => [`RATE_LIMIT_${name}`, '1000000']),
);

/** A fresh stack; what an interrupted run left is stopped and removed first. */
async function startFresh(signal) {
  const { startStack, StackError } = load(inRoot('dist', 'stack', 'index.js'));
  const { ProcessTable } = load(inRoot('dist', 'stack', 'processTable.js'));
  const table = new ProcessTable(`${stateDir}/processes.json`);
  if (table.earlier('launcher') !== null)
    throw new UserError('Another npm test runs in this checkout: wait for its end, then start again.');
  await table.stopOrphans();
  rmSync(stateDir, { recursive: true, force: true });
  try {
    return await startStack({ stateDir, env: { ...process.env, ...LIMITS }, signal });
  } catch (error) {
    throw error instanceof StackError ? new UserError(`${error.message}\nThe log is ${stateDir}/stack.log.`) : error;
  }
}

/** Runs jest. @returns how many tests passed and failed; a file that could not run counts as one failure */
async function jest(args, env) {
  mkdirSync(inRoot('node_modules', '.cache'), { recursive: true });
  rmSync(resultFile, { force: true });
  const { code } = await run(
    process.execPath,
    [inRoot('node_modules', 'jest', 'bin', 'jest.js'), '--json', `--outputFile=${resultFile}`, ...args],
    {
      cwd: inRoot(),
      env: { TF_CPP_MIN_LOG_LEVEL: '1', ...process.env, ...env }, // TensorFlow tells every file it opens otherwise
      show: true,
    },
  );
  let result;
  try {
    result = JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    throw new UserError(`jest ended with code ${code} without a result; its output above says why.`);
  }
  return { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites };
}

/** Pure tests use both cores; tests against the stack run one after another, since some measure time. */
const inParallel = (args) => ['--maxWorkers=2', ...args];
const inTurn = (args) => ['--runInBand', ...args];

/** numpy, scikit-learn and Keras read what Lastgang writes, where Python can be had; those tests are left out elsewhere. */
async function preparePython() {
  const from = performance.now();
  try {
    for (const name of ENVIRONMENTS) await ensurePython(name);
    say(`Python environments ready in ${seconds(from)}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`Tests with Python are left out: ${error.message}`);
  }
}

async function suite(args, signal) {
  const withStack = !args.includes('--no-stack');
  const rest = args.filter((arg) => arg !== '--no-stack');
  if (rest.length === 0) await preparePython();
  if (!withStack) return [await jest(inParallel(rest), {})];
  const results = rest.length === 0 ? [await jest(inParallel([`--testPathPatterns=${NO_STACK_NEEDED}`]), {})] : [];
  const from = performance.now();
  const stack = await startFresh(signal);
  say(`Stack ready in ${seconds(from)} (log: .lastgang-test/stack.log)`);
  try {
    const chosen = rest.length === 0 ? [`--testPathIgnorePatterns=${NO_STACK_NEEDED}`] : rest;
    results.push(await jest(inTurn(chosen), { ...LIMITS, LASTGANG_ENDPOINTS: stack.endpointsFile }));
  } finally {
    await stack.stop();
  }
  return results;
}

await main(async () => {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => abort.abort());
  let total = { passed: 0, failed: 1 };
  try {
    const results = await suite(process.argv.slice(2), abort.signal);
    const sum = (key) => results.reduce((count, result) => count + result[key], 0);
    total = { passed: sum('passed'), failed: sum('failed') };
  } catch (error) {
    console.error(error instanceof UserError ? `\n${error.message}` : error);
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
});
