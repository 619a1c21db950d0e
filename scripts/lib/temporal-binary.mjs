// Where the `temporal` program comes from: PATH, the user's cache, the SDK's download, or a Go build of temporal/dev-server.
import { accessSync, chmodSync, constants, createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { say, step, UserError } from './console.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder, hashOf, inRoot } from './paths.mjs';
import { run, versionOf } from './run.mjs';

/** Server 1.29.1 and UI 2.42.1; pinned by temporal/dev-server/go.sum. The SQLite file of the dev server belongs to one version. */
const VERSION = '1.5.1';
const module = inRoot('temporal', 'dev-server');
const ASK_MS = 5_000; // a machine without internet must not wait long before it builds
const DOWNLOAD_MS = 180_000;

const executable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const cachedBinary = () =>
  path.join(
    cacheFolder(),
    `temporal-${hashOf([path.join(module, 'go.mod'), path.join(module, 'go.sum')], process.platform, process.arch)}`,
    'temporal',
  );

/** @returns {string | null} path of a usable binary, or null when set-up has to bring one */
export function findTemporal(env = process.env) {
  const onPath = (env.PATH ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, 'temporal'));
  return [...onPath, cachedBinary()].find(executable) ?? null;
}

/** The SDK's own way: ask for the archive's address, load and unpack it. */
async function download(target) {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch];
  if (!arch) throw new Error(`no build for ${process.arch}`);
  const question = `https://temporal.download/cli/v${VERSION}?platform=${process.platform}&arch=${arch}&format=tar.gz`;
  const info = await fetch(question, { signal: AbortSignal.timeout(ASK_MS) });
  if (!info.ok) throw new Error(`answered ${info.status}`);
  const { archiveUrl, fileToExtract } = await info.json();
  const archive = await fetch(archiveUrl, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
  if (!archive.ok || !archive.body) throw new Error(`answered ${archive.status}`);
  const file = `${target}.tar.gz`;
  await pipeline(Readable.fromWeb(archive.body), createWriteStream(file));
  const { code, output } = await run('tar', ['-xzf', file, '-C', path.dirname(target), fileToExtract]);
  if (code !== 0) throw new Error(`tar: ${output.trim()}`);
  const unpacked = path.join(path.dirname(target), fileToExtract);
  if (unpacked !== target) renameSync(unpacked, target);
}

async function build(target) {
  if ((await versionOf('go', 'version')) === null) {
    throw new UserError(
      'The Temporal program is missing: install it (https://docs.temporal.io/cli) or Go 1.26, or set TEMPORAL_ADDRESS, then start again.',
    );
  }
  const { code, output } = await run(
    'go',
    [
      'build',
      '-trimpath',
      '-ldflags',
      `-s -w -X github.com/temporalio/cli/temporalcli.Version=${VERSION}`,
      '-o',
      target,
      'github.com/temporalio/cli/cmd/temporal',
    ],
    { cwd: module, env: { ...process.env, GOFLAGS: '-mod=readonly' } },
  );
  if (code !== 0)
    throw new UserError(
      `Building Temporal with Go failed; install the temporal program by hand and start again. Go said:\n${output.trim()}`,
    );
}

async function bring(target) {
  mkdirSync(path.dirname(path.dirname(target)), { recursive: true });
  const work = mkdtempSync(path.join(path.dirname(path.dirname(target)), 'temporal-new-'));
  const fresh = path.join(work, 'temporal');
  try {
    try {
      await step('Downloading Temporal from temporal.download (60 MB, usually under a minute)', () => download(fresh));
    } catch (error) {
      say(`  not possible (${error.cause?.code ?? error.message}); building it instead`);
      rmSync(fresh, { force: true });
    }
    if (!existsSync(fresh))
      await step('Building Temporal with Go, once per machine (downloads 200 MB of modules, usually 3 to 8 minutes)', () => build(fresh));
    chmodSync(fresh, 0o755);
    mkdirSync(path.dirname(target), { recursive: true });
    renameSync(fresh, target); // appears whole or not at all
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Makes sure a `temporal` program is there; quick when it is. */
export async function ensureTemporal() {
  if (findTemporal()) return;
  const target = cachedBinary();
  await withLock(`${path.dirname(target)}.lock`, async () => {
    if (!executable(target)) await bring(target);
  });
}
