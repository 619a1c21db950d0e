// Python environments that tests and benchmarks compare with; Lastgang itself needs none of them.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './console.mjs';
import { cacheFolder, hashOf, inRoot } from './paths.mjs';
import { run } from './run.mjs';

const LIMIT_MS = 15 * 60_000;
const system = () => process.env.PYTHON || 'python3';

/** numeric: numpy, pandas, scikit-learn, seaborn; keras3 and keras2: TensorFlow with that Keras; contract: schemathesis and client libraries. */
export const ENVIRONMENTS = ['numeric', 'keras3', 'keras2', 'contract'];

/** Packages of an environment, one pinned `name==version` per line. */
export const requirementsOf = (name) => inRoot('scripts', 'python', `${name}.txt`);

const folderOf = (name) => path.join(cacheFolder(), `python-${name}-${hashOf([requirementsOf(name)], system())}`);
const interpreterIn = (folder) => path.join(folder, 'bin', 'python');

/** The interpreter of an environment that is already there, else null. */
export function installedPython(name) {
  const interpreter = interpreterIn(folderOf(name));
  return existsSync(path.join(folderOf(name), 'complete')) ? interpreter : null;
}

/**
 * Makes sure an environment is there: a virtual environment in the user's cache, once per list of packages.
 * @returns {Promise<string>} path of its interpreter
 * @throws UserError saying what is missing
 */
export async function ensurePython(name) {
  const found = installedPython(name);
  if (found) return found;
  const folder = folderOf(name);
  rmSync(folder, { recursive: true, force: true }); // the mark of completion is missing: an interrupted installation
  mkdirSync(cacheFolder(), { recursive: true });
  // scripts inside a virtual environment carry its path, so it is made where it stays
  await must(
    system(),
    ['-m', 'venv', folder],
    'Python 3 with venv is missing: install python3 and python3-venv (or name another one in PYTHON).',
  );
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-cache-dir',
    '--only-binary=:all:',
    '--timeout',
    '30',
  ];
  await must(
    interpreterIn(folder),
    [...pip, '-r', requirementsOf(name)],
    `The packages of scripts/python/${name}.txt could not be installed.`,
  );
  const mark = path.join(folder, 'complete');
  mkdirSync(`${mark}.new`);
  renameSync(`${mark}.new`, mark);
  return interpreterIn(folder);
}

async function must(file, args, complaint) {
  const { code, output } = await run(file, args, { timeoutMs: LIMIT_MS });
  if (code !== 0) throw new UserError(`${complaint}\n${output.trim().split('\n').slice(-3).join('\n')}`);
}
