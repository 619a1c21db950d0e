/** Runs schemathesis on some operations of the document. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { target } from '../../support';
import { pythonOf } from '../../support/python';
import { readReport } from './report';
import type { FuzzReport } from './report';

// the end of schemathesis's output holds its findings, with curl lines to repeat them
const OUTPUT_SHOWN = 30_000;

export interface FuzzRun {
  operationIds: readonly string[];
  token: string;
  /** what hooks.py works with */
  known: object;
  limitMs: number;
}

/** @returns its report; the output of a run with findings is shown */
export async function schemathesis({ operationIds, token, known, limitMs }: FuzzRun): Promise<FuzzReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgang-fuzz-'));
  const events = path.join(folder, 'events.ndjson');
  const env = {
    ...process.env,
    FUZZ_TOKEN: token,
    FUZZ_DATA: JSON.stringify(known),
    FUZZ_HOOKS: 'hooks',
    PYTHONPATH: __dirname,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONHASHSEED: '0', // sets of texts are gone through in the same order in every run
  };
  const args = [
    ...['-m', 'schemathesis.cli', '--config-file', path.join(__dirname, 'schemathesis.toml')],
    ...['run', `${target().api}/openapi.json`, '--report-ndjson-path', events],
    ...operationIds.flatMap((id) => ['--include-operation-id', id]),
  ];
  try {
    const output = await outputOf(pythonOf('contract')!, args, { cwd: folder, env, timeout: limitMs, maxBuffer: 1 << 28 });
    const report = await readReport(events);
    if (report.findings.length > 0) process.stdout.write(output.slice(-OUTPUT_SHOWN));
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a program prints; how it ends is seen from its report. */
const outputOf = (file: string, args: string[], options: Parameters<typeof execFile>[2]): Promise<string> =>
  new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) =>
      resolve(`${String(stdout)}${String(stderr)}${error?.killed ? '\nstopped: too slow' : ''}`),
    );
  });
