// npm test: one stack for the whole suite, then jest. Options go to jest.
//   npm test -- --no-stack unit        tests that need no stack
//   npm test -- uploads                the stack, and the files whose path contains "uploads"
// The last line is always "N passed, N failed".
import { main, say, seconds, UserError } from './lib/console.mjs';
import { ENVIRONMENTS, ensurePython } from './lib/python.mjs';
import { jest, onPrivateStack, runSuites } from './lib/suite.mjs';

const NO_STACK_NEEDED = 'test/(unit|golden|training|interop|cli)/';

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

async function suites(args, signal) {
  const withStack = !args.includes('--no-stack');
  const rest = args.filter((arg) => arg !== '--no-stack');
  if (rest.length === 0) await preparePython();
  if (!withStack) return [await jest(inParallel(rest), {})];
  const results = rest.length === 0 ? [await jest(inParallel([`--testPathPatterns=${NO_STACK_NEEDED}`]), {})] : [];
  const chosen = rest.length === 0 ? [`--testPathIgnorePatterns=${NO_STACK_NEEDED}`] : rest;
  results.push(await onPrivateStack(signal, (env) => jest(inTurn(chosen), env)));
  return results;
}

await main(() => runSuites(suites));
