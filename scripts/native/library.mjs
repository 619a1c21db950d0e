// TensorFlow's shared libraries and C headers, out of the pinned wheel, into the user's cache.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { NotPossible, cacheFolder, libraryFolder, wheelFolder } from './layout.mjs';
import { TENSORFLOW, VARIANTS, requirements } from './wheels.mjs';

const DOWNLOAD_LIMIT_MS = 30 * 60_000;
const python = () => process.env.PYTHON || 'python3';

/** Copies the libraries and the headers the addon includes; everything else in the wheel is Python. */
const UNPACK = `
import os, sys, zipfile
wheel, out = sys.argv[1:]
HEADERS = ('c/', 'core/platform/ctstring')
SHARED = ('tsl/platform/ctstring', 'tsl/c/', 'xla/tsl/c/')
wanted = tuple('tensorflow/include/tensorflow/' + h for h in HEADERS) + tuple('tensorflow/include/' + h for h in SHARED)
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename
        if name.startswith('tensorflow/libtensorflow'): target = 'lib/' + os.path.basename(name)
        elif name.endswith('.h') and name.startswith(wanted): target = name[len('tensorflow/'):]
        else: continue
        target = os.path.join(out, target)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(entry) as source, open(target, 'wb') as copy:
            while block := source.read(1 << 20): copy.write(block)
`;

/**
 * Makes sure the cache holds the library of the variant.
 * The work happens in a folder of its own that is renamed when complete, so an interruption leaves nothing half done.
 * @throws NotPossible
 */
export function ensureLibrary(variant, say) {
  const target = libraryFolder(variant);
  if (fs.existsSync(target)) return target;
  checkPython();
  fs.mkdirSync(cacheFolder(), { recursive: true });
  removeLeftovers();
  checkSpace(variant);
  const work = path.join(cacheFolder(), `.partial-${process.pid}`);
  fs.mkdirSync(work);
  try {
    say(`TensorFlow ${TENSORFLOW} (${variant}): downloading ${VARIANTS[variant].downloadMB} MB once per user, usually 1-3 minutes`);
    download(variant);
    fs.renameSync(unpack(variant, path.join(work, 'out')), target);
  } catch (error) {
    if (!fs.existsSync(target)) throw error; // another checkout was faster
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  fs.rmSync(wheelFolder(variant), { recursive: true, force: true });
  return target;
}

/** pip leaves out the wheels that lie there already with the right hash, so an interrupted download goes on. */
function download(variant) {
  const folder = wheelFolder(variant);
  fs.mkdirSync(folder, { recursive: true });
  const list = path.join(folder, 'requirements.txt');
  fs.writeFileSync(list, requirements(VARIANTS[variant].wheels));
  const target = [
    '--implementation',
    'cp',
    '--python-version',
    '311',
    '--platform',
    'manylinux_2_17_x86_64',
    '--platform',
    'manylinux2014_x86_64',
  ];
  pip(['download', '--no-deps', '--require-hashes', '--only-binary=:all:', ...target, '-d', folder, '-r', list]);
}

/** @returns `out`, laid out as tfjs-node expects it */
function unpack(variant, out) {
  const wheels = wheelFolder(variant);
  fs.mkdirSync(out);
  const library = fs.readdirSync(wheels).find((file) => /^tensorflow.*\.whl$/.test(file));
  call(python(), ['-c', UNPACK, path.join(wheels, library), out], 'unpacking the wheel failed (is the disk full?)');
  const [, ...cuda] = VARIANTS[variant].wheels;
  if (cuda.length > 0) {
    const named = cuda.map(([name, version]) => `${name}==${version}`);
    pip(['install', '--no-deps', '--no-index', '--find-links', wheels, '--target', out, ...named]);
  }
  const lib = path.join(out, 'lib');
  // the names the addon is linked against, and the one whose presence tells tfjs-node not to download its own
  fs.symlinkSync('libtensorflow_cc.so.2', path.join(lib, 'libtensorflow.so'));
  fs.symlinkSync('libtensorflow_cc.so.2', path.join(lib, 'libtensorflow.so.2.9.1'));
  fs.symlinkSync('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
  return out;
}

function checkPython() {
  const { status } = spawnSync(python(), ['-m', 'pip', '--version'], { stdio: 'ignore', timeout: 60_000 });
  if (status !== 0)
    throw new NotPossible('Python 3 with pip is missing: install python3 and python3-pip (or name another interpreter in PYTHON).');
}

function checkSpace(variant) {
  const { bavail, bsize } = fs.statfsSync(cacheFolder());
  const freeMB = Math.floor((bavail * bsize) / 1e6);
  const { neededMB } = VARIANTS[variant];
  if (freeMB < neededMB)
    throw new NotPossible(`${cacheFolder()} has ${freeMB} MB free, ${neededMB} MB are needed: free some space or set XDG_CACHE_HOME.`);
}

/** Work folders of processes that no longer live: unpacking that was interrupted. */
function removeLeftovers() {
  for (const name of fs.readdirSync(cacheFolder())) {
    const pid = /^\.partial-(\d+)$/.exec(name)?.[1];
    if (pid && (Number(pid) === process.pid || !isAlive(Number(pid))))
      fs.rmSync(path.join(cacheFolder(), name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function pip(args) {
  // no cache: pip would keep a second copy of the wheel
  call(
    python(),
    ['-m', 'pip', '--disable-pip-version-check', ...args, '--no-cache-dir', '--timeout', '30', '--retries', '2'],
    'pip could not fetch the TensorFlow wheel (network, proxy or index; a wrong checksum also ends here).',
    true,
  );
}

function call(command, args, complaint, network = false) {
  // pip's own lines go to stderr, so that stdout stays free for the caller
  const env = { ...process.env, PIP_RESUME_RETRIES: '5' }; // newer versions of pip go on inside a file, others do not mind
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: DOWNLOAD_LIMIT_MS, env });
  if (status !== 0) throw new NotPossible(complaint, { network });
}
