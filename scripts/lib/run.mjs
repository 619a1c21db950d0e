// Child processes of the set-up scripts: output is shown only when they fail, and none outlives the script.
import { spawn } from 'node:child_process';

const TAIL_CHARACTERS = 4000;

/**
 * Runs a program to its end.
 * @returns {Promise<{ code: number | null, output: string, missing: boolean }>} its exit code and the end of what it printed
 */
export function run(file, args, { cwd, env = process.env, show = false, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const forward = (signal) => child.kill(signal);
    const end = (code, missing) => {
      clearTimeout(timer);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code, output, missing });
    };
    let output = '';
    const keep = (text) => {
      output = (output + text).slice(-TAIL_CHARACTERS);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.once('error', (error) => end(null, error.code === 'ENOENT'));
    child.once('close', (code) => end(code, false));
  });
}

/** First line a program prints for its version, or null when it is not there. */
export async function versionOf(file, ...args) {
  const { code, output } = await run(file, args, { timeoutMs: 20_000 });
  return code === 0 ? (output.trim().split('\n')[0] ?? '') : null;
}
