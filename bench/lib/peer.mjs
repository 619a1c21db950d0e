// Runs the two sides of a comparison in processes of their own, in the same run.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensurePython } from '../../scripts/lib/python.mjs';

const PEERS = path.resolve(import.meta.dirname, '../peers');

/** Runs bench/lib/<program>.mjs and reads its last line of output as JSON. */
export const runOurs = ({ program, args = [] }) =>
  lastLineOf(process.execPath, [path.join(import.meta.dirname, `${program}.mjs`), ...args.map(String)], process.env);

/**
 * Runs bench/peers/<program>.py and reads its last line of output as JSON.
 * @param {{ environment?: 'numeric' | 'keras3' | 'keras2', program: string, args?: string[], env?: NodeJS.ProcessEnv }} peer
 */
export async function runPeer({ environment = 'numeric', program, args = [], env = {} }) {
  const python = await ensurePython(environment);
  const environ = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...env };
  return lastLineOf(python, [path.join(PEERS, `${program}.py`), ...args.map(String)], environ);
}

async function lastLineOf(file, args, env) {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${path.basename(args[0])} ended with code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1));
}
