// The addon of tfjs-node: compiled once per user, copied into each checkout, and proven by a calculation.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { COMPILE_FLAGS, NotPossible, TFJS_NODE, addonFile, cacheFolder, cachedAddon, packageFolder, stampFile } from './layout.mjs';
import { TENSORFLOW } from './wheels.mjs';

/**
 * The JavaScript side. npm 11 installs it as the optional dependency it is (its download script is denied in package.json);
 * npm 10 runs that script, sees it fail and leaves the package out: then it is fetched here without scripts.
 */
export function ensurePackage(root, say) {
  const present = packageFolder(root);
  if (present) return present;
  say(`installing the JavaScript of @tensorflow/tfjs-node ${TFJS_NODE}`);
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `@tensorflow/tfjs-node@${TFJS_NODE}`];
  spawnSync(npm[0], [...npm.slice(1), ...args], { cwd: root, stdio: ['ignore', 2, 2], timeout: 10 * 60_000 });
  const folder = packageFolder(root);
  if (!folder) throw new NotPossible(`npm could not install @tensorflow/tfjs-node ${TFJS_NODE} (network or registry).`, { network: true });
  return folder;
}

/** Compiles the two C++ files unless the cache holds the result; `fresh` compiles in any case. */
export function ensureAddon(folder, library, variant, say, fresh = false) {
  const target = cachedAddon(folder, variant);
  if (fresh || !fs.existsSync(target)) compile(folder, library, target, say);
  return target;
}

/** Puts library and addon where tfjs-node looks for them. The addon finds the library through the `deps` link beside it. */
export function link(folder, library, addon, variant) {
  fs.rmSync(stampFile(folder), { force: true });
  const deps = path.join(folder, 'deps');
  fs.rmSync(deps, { recursive: true, force: true });
  fs.symlinkSync(library, deps);
  fs.mkdirSync(path.dirname(addonFile(folder)), { recursive: true });
  // removed first: overwriting a mapped library would crash the processes that use it
  fs.rmSync(addonFile(folder), { force: true });
  fs.copyFileSync(addon, addonFile(folder));
  fs.writeFileSync(stampFile(folder), `${JSON.stringify({ tensorflow: TENSORFLOW, variant })}\n`);
}

/** Takes the link away, so that the WebAssembly back end is chosen. */
export function unlink(folder) {
  fs.rmSync(stampFile(folder), { force: true });
  fs.rmSync(addonFile(folder), { force: true });
  fs.rmSync(path.join(folder, 'deps'), { recursive: true, force: true });
}

/** Multiplies two matrices in a process of its own. @returns one line, e.g. `TensorFlow 2.18.1, CPU`, or null when it fails */
export function selfTest(root) {
  const program = `
    const util = require('node:util');
    util.isNullOrUndefined = (value) => value == null; // Node 22 warns about these two, Node 23 has them no longer
    util.isArray = Array.isArray;
    const tf = require('@tensorflow/tfjs-node');
    const { binding, isUsingGpuDevice } = tf.backend();
    if (tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0] !== 11) process.exit(1);
    console.log('TensorFlow ' + binding.TF_Version + ', ' + (isUsingGpuDevice ? 'GPU' : 'CPU'));`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' };
  const { status, stdout } = spawnSync(process.execPath, ['-e', program], {
    cwd: root,
    env,
    encoding: 'utf8',
    timeout: 120_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = stdout?.split('\n').find((text) => text.startsWith('TensorFlow '));
  return status === 0 && line ? line : null;
}

function compile(folder, library, target, say) {
  const compiler = process.env.CXX || 'g++';
  if (spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status !== 0)
    throw new NotPossible('A C++17 compiler is missing: install g++ (Debian: build-essential) or name one in CXX.');
  const headers = nodeHeaders();
  say('compiling the TensorFlow addon, usually 5-40 seconds');
  const work = fs.mkdtempSync(path.join(cacheFolder(), '.addon-'));
  try {
    const output = path.join(work, 'tfjs_binding.node');
    const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => path.join(folder, 'binding', file));
    const libraries = [`-L${path.join(library, 'lib')}`, '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib'];
    const args = [...COMPILE_FLAGS, `-I${headers}`, `-I${path.join(library, 'include')}`, ...sources, '-o', output, ...libraries];
    const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8', timeout: 10 * 60_000 });
    if (status !== 0) throw new NotPossible(`The TensorFlow addon does not compile with ${compiler}:\n${(stderr ?? '').slice(0, 2000)}`);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.renameSync(output, target);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** Folder with node_api.h. Any Node's will do: the addon uses the stable N-API only. */
function nodeHeaders() {
  const gyp = path.join(os.homedir(), '.cache', 'node-gyp', process.versions.node, 'include', 'node');
  const candidates = [
    process.env.NODE_INCLUDE,
    path.resolve(process.execPath, '../../include/node'),
    '/usr/include/node',
    '/usr/local/include/node',
    gyp,
  ];
  const found = candidates.find((folder) => folder && fs.existsSync(path.join(folder, 'node_api.h')));
  if (!found)
    throw new NotPossible(
      'The Node headers (node_api.h) are missing: install libnode-dev or a Node from nodejs.org, or name the folder in NODE_INCLUDE.',
    );
  return found;
}
