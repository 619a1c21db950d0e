// Runs the Python program that a benchmark compares itself with, in the same run.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensurePython } from '../../scripts/lib/python.mjs';

const PEERS = path.resolve(import.meta.dirname, '../peers');

/**
 * Runs bench/peers/<program>.py and reads its last line of output as JSON.
 * @param {{ environment?: 'numeric' | 'keras3' | 'keras2', program: string, args?: string[], env?: NodeJS.ProcessEnv }} peer
 */
export async function runPeer({ environment = 'numeric', program, args = [], env = {} }) {
  const python = await ensurePython(environment);
  const child = spawn(python, [path.join(PEERS, `${program}.py`), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${program}.py ended with code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1));
}
