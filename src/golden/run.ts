import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { BackendChoice } from '../training';
import { findCases } from './loadCase';
import { runCaseIn } from './runCase';

/** `npm run golden -- [--backend auto|native|wasm] DIR…`: one JSON line per case below the folders, then the totals; exit code 1 when a case failed. */
async function main(folders: readonly string[], backend: BackendChoice): Promise<number> {
  const missing = folders.filter((folder) => !existsSync(folder));
  if (missing.length > 0) {
    process.stderr.write(`No such folder: ${missing.join(', ')}. Give folders that hold golden cases.\n`);
    return 1;
  }
  const cases = folders.flatMap(findCases);
  if (cases.length === 0) {
    process.stderr.write(`No golden cases below ${folders.join(', ')}: a case is a folder with settings.json and expected.json.\n`);
    return 1;
  }
  let passed = 0;
  for (const dir of cases) {
    const report = await runCaseIn(dir, backend);
    if (report.ok) passed += 1;
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
  process.stdout.write(`${passed} passed, ${cases.length - passed} failed\n`);
  return passed === cases.length ? 0 : 1;
}

const { values, positionals: folders } = parseArgs({ allowPositionals: true, options: { backend: { type: 'string', default: 'auto' } } });
const backend = z.enum(['auto', 'native', 'wasm']).parse(values.backend);
main(folders.length > 0 ? folders : ['test/golden/cases'], backend).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
