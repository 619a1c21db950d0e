// npm run test:node-versions: the demo and the unit, golden and workflow tests on the newer Node versions, brought by npm's `node` package.
//   npm run test:node-versions -- 24       only this one
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { main, say, seconds, step, UserError } from './lib/console.mjs';
import { cacheFolder, inRoot } from './lib/paths.mjs';
import { run, versionOf } from './lib/run.mjs';

const VERSIONS = ['22', '24'];
const TESTS = 'test/(unit|golden|workflows)/';
const INSTALL_MS = 300_000;
const DEMO_MS = 900_000;

/** @returns path of a `node` program of this major version, in the user's cache */
async function bringNode(major) {
  const folder = path.join(cacheFolder(), `node-${major}`);
  const program = path.join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(program)) {
    await step(`Installing Node ${major} into the cache (50 MB, usually under a minute)`, async () => {
      const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `node@${major}`];
      const { code, output } = await run('npm', args, { timeoutMs: INSTALL_MS });
      if (code !== 0 || !existsSync(program))
        throw new UserError(`npm could not install node@${major}; check the connection and start again.\n${output.trim()}`);
    });
  }
  return program;
}

/** Child processes find the same Node first. */
const environmentOf = (program) => ({ ...process.env, PATH: `${path.dirname(program)}${path.delimiter}${process.env.PATH}` });

async function demo(program) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-node-'));
  const from = performance.now();
  try {
    const args = [inRoot('dist', 'cli.js'), 'demo', '--state', path.join(folder, 'state'), '--out', path.join(folder, 'out')];
    const { code, output } = await run(program, args, { cwd: inRoot(), env: environmentOf(program), timeoutMs: DEMO_MS });
    if (code !== 0) say(output.trim());
    return { ok: code === 0, text: `demo ${code === 0 ? 'ok' : `failed (${code})`} in ${seconds(from)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tests(program) {
  const { code, output } = await run(program, [inRoot('scripts', 'test.mjs'), `--testPathPatterns=${TESTS}`], {
    cwd: inRoot(),
    env: environmentOf(program),
  });
  const result = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0) say(output.trim());
  return { ok: code === 0, text: result };
}

await main(async () => {
  const setup = await run(process.execPath, [inRoot('scripts', 'setup.mjs')], { show: true });
  if (setup.code !== 0) throw new UserError('The set-up failed: its output above says what to do.');
  const chosen = process.argv.slice(2);
  const results = [];
  for (const major of chosen.length > 0 ? chosen : VERSIONS) {
    const program = await bringNode(major);
    const parts = [await demo(program), await tests(program)];
    results.push(...parts);
    console.log(`Node ${await versionOf(program, '--version')}: ${parts.map(({ text }) => text).join('; ')}`);
  }
  if (results.some(({ ok }) => !ok)) throw new UserError('Not every Node version passes: the output above says what failed.');
});
