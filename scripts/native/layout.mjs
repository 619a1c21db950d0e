// What is installed, from where, and where it lies. Shared by the steps in this folder and by the doctor.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

export const TFJS_NODE = '4.22.0'; // the last release; its private interface is relied on, so exactly this one
export const TENSORFLOW = '2.18.1'; // newest release all of whose kernels and numbers were checked against Keras
const NAPI = 8; // one build serves Node 18 and later

/** Wheel on the Python package index: name and SHA-256 of the cp311 linux x64 build (no Python 3.11 is needed to unpack it). */
export const WHEELS = {
  cpu: {
    package: 'tensorflow-cpu',
    sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
    downloadMB: 230,
    neededMB: 1200,
  },
  gpu: {
    package: 'tensorflow',
    sha256: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
    downloadMB: 2430,
    neededMB: 9000,
  },
};

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
