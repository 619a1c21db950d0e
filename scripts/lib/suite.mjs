// What the test commands share: a private stack, and jest with its result counted.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { say, seconds, UserError } from './console.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const load = createRequire(import.meta.url);
const stateDir = inRoot('.lastgang-test');
const resultFile = inRoot('node_modules', '.cache', 'lastgang-jest.json');
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

/** Runs jest. @returns how many tests passed, failed and were left out; a file that could not run counts as one failure */
export async function jest(args, env) {
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
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    leftOut: result.numPendingTests,
  };
}

/** Runs work against a fresh private stack, which is stopped afterwards. The work gets the environment its tests need. */
export async function onPrivateStack(signal, work) {
  const from = performance.now();
  const stack = await startFresh(signal);
  say(`Stack ready in ${seconds(from)} (log: .lastgang-test/stack.log)`);
  try {
    return await work({ ...LIMITS, LASTGANG_ENDPOINTS: stack.endpointsFile });
  } finally {
    await stack.stop();
  }
}

/** Runs a test command to its exit code; the last line is always "N passed, N failed". */
export async function runSuites(suites) {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => abort.abort());
  let total = { passed: 0, failed: 1 };
  try {
    const results = await suites(process.argv.slice(2), abort.signal);
    const sum = (key) => results.reduce((count, result) => count + result[key], 0);
    total = { passed: sum('passed'), failed: sum('failed') };
  } catch (error) {
    console.error(error instanceof UserError ? `\n${error.message}` : error);
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}
