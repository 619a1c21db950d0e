import fs from 'node:fs';
import path from 'node:path';
import type { ModelSettings } from '../domain/settings/types';

/** The compiled child: beside this file, or, when the TypeScript sources run (in tests), in the build at the repository root. */
export function childScript(): string {
  const beside = path.join(__dirname, 'child.js');
  if (fs.existsSync(beside)) return beside;
  const built = path.resolve(__dirname, '../../dist/training/child.js');
  if (fs.existsSync(built)) return built;
  throw new Error('The training child is not built: npm run build');
}

/** Variables of the machine that the child may see. It handles data of one user and needs no address, key or token. */
const PASSED = /^(PATH|HOME|TMPDIR|LANG|LC_.*|TZ|LD_LIBRARY_PATH|NODE_OPTIONS|LOG_LEVEL|XDG_CACHE_HOME|TF_.*|CUDA_.*|NVIDIA_.*|OMP_.*)$/;

/**
 * Environment of the child. Dense and recurrent steps are so small that a second TensorFlow thread costs more than it gains;
 * convolutions use all cores. Variables set outside or in `extra` win.
 */
export function childEnvironment({ kind }: ModelSettings, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const defaults: NodeJS.ProcessEnv = { TF_CPP_MIN_LOG_LEVEL: '2' };
  if (kind !== 'CNN') defaults['TF_NUM_INTRAOP_THREADS'] = '1';
  const passed = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.test(name)));
  return { ...defaults, ...passed, ...extra };
}

/** Processes the kernel killed for want of memory since it started; null where it does not say. */
export function outOfMemoryKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(fs.readFileSync('/proc/vmstat', 'utf8'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
