import { execFileSync } from 'node:child_process';
import path from 'node:path';

export type PythonEnvironment = 'numeric' | 'keras3' | 'keras2' | 'contract';

const root = path.resolve(__dirname, '../..');
let installed: Record<PythonEnvironment, string | null> | undefined;

/** Interpreter of an environment; null where Python could not be set up (npm test says so, and those tests are left out). */
export function pythonOf(environment: PythonEnvironment): string | null {
  installed ??= JSON.parse(
    execFileSync(process.execPath, [path.join(root, 'scripts/python-environments.mjs')], { encoding: 'utf8' }),
  ) as Record<PythonEnvironment, string | null>;
  return installed[environment];
}

/** Tests that need an environment: left out, visibly, where it is not there. */
export const describeWith = (environment: PythonEnvironment): jest.Describe => (pythonOf(environment) === null ? describe.skip : describe);

/**
 * Runs a Python program given as text; it prints one JSON value on its last line.
 * @throws Error with Python's traceback when it fails
 */
export function runPython<T>(environment: PythonEnvironment, program: string, args: readonly string[] = []): T {
  const python = pythonOf(environment);
  if (python === null) throw new Error(`the Python environment ${environment} is not installed`);
  const output = execFileSync(python, ['-c', program, ...args], {
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 1 << 28,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as T;
}
