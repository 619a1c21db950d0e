// Installs node_modules exactly as the lockfile says, when it is missing or differs from it.
import { existsSync, readFileSync } from 'node:fs';
import { step, UserError } from './console.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** Same versions of everything that is not optional (platform packages of other systems are absent for good). */
export function packagesAreInstalled() {
  const installedList = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return false;
  const installed = packagesOf(installedList);
  return Object.entries(packagesOf(inRoot('package-lock.json'))).every(
    ([at, wanted]) => at === '' || wanted.optional || wanted.devOptional || wanted.peer || installed[at]?.version === wanted.version,
  );
}

export async function installPackages() {
  if (packagesAreInstalled()) return;
  await step('Installing packages with npm ci (410 MB to download the first time, usually 1 to 3 minutes)', async () => {
    // no package needs its install script: PostgreSQL's links are made by the launcher, TensorFlow's addon by native-install
    const { code, output, missing } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: inRoot(),
    });
    if (missing) throw new UserError('The npm program is missing: install Node together with npm (https://nodejs.org), then start again.');
    if (code !== 0)
      throw new UserError(`npm ci failed; check the connection to the npm registry and start again. npm said:\n${output.trim()}`);
  });
}
