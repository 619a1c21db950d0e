// What is installed, from where, and where it lies. Shared by the steps in this folder and by the doctor.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { TENSORFLOW } from './wheels.mjs';

export const TFJS_NODE = '4.22.0'; // the last release; its private interface is relied on, so exactly this one
const NAPI = 8; // one build serves Node 18 and later

/** A reason why native TensorFlow cannot be installed here; its message tells the user what to do. */
export class NotPossible extends Error {
  /** `network` failures may pass: they are not tried again at every start */
  constructor(message, { network = false } = {}) {
    super(message);
    this.network = network;
  }
}

export const cacheFolder = () => path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'lastgang');
const platform = () => `${process.platform}-${process.arch}`;
export const libraryFolder = (variant) =>
  path.join(cacheFolder(), `tensorflow-${TENSORFLOW}${variant === 'gpu' ? '-gpu' : ''}-${platform()}`);
/** Wheels until they are unpacked; an interrupted download goes on with those that are there. */
export const wheelFolder = (variant) => `${libraryFolder(variant)}.wheels`;

/** Folder of the installed JavaScript of tfjs-node, or null. */
export function packageFolder(root) {
  try {
    const manifest = createRequire(path.join(root, 'package.json')).resolve('@tensorflow/tfjs-node/package.json');
    return JSON.parse(fs.readFileSync(manifest, 'utf8')).version === TFJS_NODE ? path.dirname(manifest) : null;
  } catch {
    return null;
  }
}

/** Compiler flags beside the paths; part of the cache key of the addon. */
export const COMPILE_FLAGS = ['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI}`];
export const addonFile = (folder) => path.join(folder, 'lib', `napi-v${NAPI}`, 'tfjs_binding.node');
export const stampFile = (folder) => path.join(folder, 'lib', 'installed.json');

/** The compiled addon in the cache, named by everything it was made from. */
export function cachedAddon(folder, variant) {
  const sources = path.join(folder, 'binding');
  const hash = createHash('sha256').update([TENSORFLOW, variant, ...COMPILE_FLAGS].join(' '));
  for (const name of fs.readdirSync(sources).sort()) hash.update(name).update(fs.readFileSync(path.join(sources, name)));
  return path.join(
    cacheFolder(),
    `tfjs-node-${TFJS_NODE}-napi${NAPI}-${platform()}-${hash.digest('hex').slice(0, 16)}`,
    'tfjs_binding.node',
  );
}

/**
 * What is linked in this checkout.
 * @returns {{ tensorflow: string, variant: 'cpu' | 'gpu' } | null} null when it is missing or damaged
 */
export function installedState(root) {
  const folder = packageFolder(root);
  if (!folder) return null;
  try {
    const stamp = JSON.parse(fs.readFileSync(stampFile(folder), 'utf8'));
    const complete = fs.existsSync(addonFile(folder)) && fs.existsSync(path.join(folder, 'deps', 'lib', 'libtensorflow_cc.so.2'));
    return complete && stamp.tensorflow === TENSORFLOW ? stamp : null;
  } catch {
    return null;
  }
}
