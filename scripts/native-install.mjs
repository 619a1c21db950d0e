#!/usr/bin/env node
// npm run native:install — links @tensorflow/tfjs-node against a current TensorFlow library. Without it training runs on WebAssembly.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotPossible, cacheFolder, installedState, packageFolder } from './native/layout.mjs';
import { ensureLibrary } from './native/library.mjs';
import { ensureAddon, ensurePackage, link, selfTest, unlink } from './native/addon.mjs';

const HELP = `Usage: npm run native:install -- [options]

Native TensorFlow for training (linux x64). Needs python3 with pip, g++, the Node headers, 1.2 GB of disk while it runs (0.7 GB after)
and downloads 230 MB once per user into ~/.cache/lastgang (or $XDG_CACHE_HOME/lastgang); further checkouts take it from there.

  --if-possible  when something is missing say what, and end with success: training then uses WebAssembly
  --quiet        say nothing when all is in place
  --check        calculate something with what is installed
  --gpu          the CUDA build and NVIDIA's libraries instead (2.4 GB; downloads, links and passes its self test on a machine
                 without a GPU; no machine with one was at hand)
  --remove       take the link away; the cache stays
  --help         this text`;

// A machine without network would otherwise wait for pip's timeouts at every start.
const RETRY_AFTER_MS = 3_600_000;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const option = (name) => process.argv.includes(`--${name}`);
const say = (text) => console.error(`native: ${text}`);

if (option('help')) console.log(HELP);
else if (option('remove')) {
  const folder = packageFolder(root);
  if (folder) unlink(folder);
} else {
  try {
    install();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
    say(error.message);
    say('Training works without it, on the WebAssembly back end, but slower. Try again with: npm run native:install');
    if (error.network) rememberFailure();
    process.exitCode = option('if-possible') ? 0 : 1;
  }
}

function install() {
  const installed = installedState(root);
  // an installed GPU variant stays when the set-up step passes by
  const variant = option('gpu') ? 'gpu' : option('if-possible') ? (installed?.variant ?? 'cpu') : 'cpu';
  if (installed?.variant === variant && !option('check')) {
    if (!option('quiet')) say(`TensorFlow ${installed.tensorflow} (${variant}) is in place`);
    return;
  }
  if (installed?.variant !== variant) {
    checkMachine();
    if (option('if-possible') && failedRecently()) {
      say('not tried again within an hour of a failed download; npm run native:install tries at once');
      return;
    }
    const library = ensureLibrary(variant, say);
    const folder = ensurePackage(root, say);
    link(folder, library, ensureAddon(folder, library, variant, say), variant);
  }
  const proof = selfTest(root) ?? recompile(variant);
  fs.rmSync(failureFile(), { force: true });
  say(`${proof}: self test passed`);
}

/** The cached addon may stem from another compiler or system. @throws NotPossible when one built here does not calculate either */
function recompile(variant) {
  const library = ensureLibrary(variant, say);
  const folder = ensurePackage(root, say);
  link(folder, library, ensureAddon(folder, library, variant, say, true), variant);
  const proof = selfTest(root);
  if (proof !== null) return proof;
  unlink(folder);
  throw new NotPossible(
    'The linked TensorFlow does not calculate on this machine (a processor without AVX, or another C++ runtime); the link was removed.',
  );
}

function checkMachine() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new NotPossible(`Native TensorFlow is offered for linux x64; this is ${process.platform} ${process.arch}.`);
  if (!process.report.getReport().header.glibcVersionRuntime)
    throw new NotPossible('Native TensorFlow needs glibc; this system has another C library (Alpine?).');
}

function failureFile() {
  return path.join(cacheFolder(), 'native-install-failed');
}
function failedRecently() {
  const failed = fs.statSync(failureFile(), { throwIfNoEntry: false });
  return failed !== undefined && Date.now() - failed.mtimeMs < RETRY_AFTER_MS;
}
function rememberFailure() {
  fs.mkdirSync(cacheFolder(), { recursive: true });
  fs.writeFileSync(failureFile(), '');
}
