// Compiles src into dist and bundles the workflows; does nothing when dist is up to date.
//   node scripts/build.mjs [--force] [--keep-going]     --keep-going: type errors are printed, the rest is built all the same
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { main, say, step, UserError } from './lib/console.mjs';
import { withLock } from './lib/lock.mjs';
import { hashOf, inRoot, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const dist = inRoot('dist');
const stamp = path.join(dist, '.built-from');

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();

/** Hash of everything dist is made from: names and contents. */
function fingerprint() {
  const files = [
    ...filesBelow(inRoot('src')),
    ...['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.mjs'].map((name) => inRoot(name)),
  ];
  return hashOf(files, ...files.map((file) => path.relative(root, file)));
}

const isBuilt = (print) => existsSync(stamp) && readFileSync(stamp, 'utf8') === print;

async function compile(keepGoing) {
  const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await run(process.execPath, [
    compiler,
    '-p',
    inRoot('tsconfig.build.json'),
    '--incremental',
    '--tsBuildInfoFile',
    path.join(dist, '.tsbuildinfo'),
  ]);
  if (code === 0) return;
  if (!keepGoing) throw new UserError(`The source does not compile; correct these errors and start again:\n${output.trim()}`);
  say(output.trim());
}

function copyOthers() {
  for (const file of filesBelow(inRoot('src')).filter((name) => /\.(sql|json)$/.test(name))) {
    const target = path.join(dist, path.relative(inRoot('src'), file));
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** One file with all workflows, so that a worker starts without bundling them (2.5 s). */
async function bundleWorkflows() {
  const entry = path.join(dist, 'workflows', 'index.js');
  if (!existsSync(entry)) return 'no workflows yet';
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: new DefaultLogger('WARN') });
  const target = path.join(dist, 'workflow-bundle.js');
  writeFileSync(`${target}.new`, code);
  renameSync(`${target}.new`, target); // a worker starting meanwhile sees the old or the new one, never half of it
  return `${(code.length / 1e6).toFixed(1)} MB`;
}

export async function build({ force = false, keepGoing = false } = {}) {
  if (!force && isBuilt(fingerprint())) return;
  await withLock(inRoot('node_modules', '.cache', 'lastgang-build.lock'), async () => {
    const print = fingerprint();
    if (!force && isBuilt(print)) return;
    mkdirSync(dist, { recursive: true });
    await step('Compiling the source (usually 5 to 15 s)', () => compile(keepGoing));
    copyOthers();
    await step('Bundling the workflows (usually 3 to 6 s)', bundleWorkflows);
    writeFileSync(stamp, print);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(() => build({ force: process.argv.includes('--force'), keepGoing: process.argv.includes('--keep-going') }));
}
