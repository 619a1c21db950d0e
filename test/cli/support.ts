/** The `lastgang` command as a user has it: a process, its exit code, its two outputs, and the files it leaves. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';

const root = path.resolve(__dirname, '../..');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  process: ChildProcess;
  /** resolves when stdout holds this text; rejects when the process ends before */
  says(text: string): Promise<void>;
  ended: Promise<Ended>;
}

export function start(...args: string[]): Started {
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...args], { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  const heard = { stdout: '', stderr: '' };
  let listen = (): void => undefined;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      heard[name] += text;
      listen();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...heard })));
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      listen = () => heard.stdout.includes(text) && resolve();
      listen();
      ended.then(() => reject(new Error(`it ended without "${text}": ${heard.stdout}${heard.stderr}`)), reject);
    });
  return { process: child, says, ended };
}

export const lastgang = (...args: string[]): Promise<Ended> => start(...args).ended;

/** A folder of this test's own, holding copies of golden cases; removed afterwards. */
export function useFolder(): { at: (...parts: string[]) => string; copyCase: (name: string) => CaseCopy } {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  return {
    at,
    copyCase(name) {
      cpSync(path.join(root, 'test/golden/cases', name), at(name), { recursive: true });
      const settings = at(name, 'settings.json');
      return {
        settings,
        expected: readJson(at(name, 'expected.json')),
        change: (edit) => {
          const content = readJson(settings);
          edit(content);
          writeFileSync(settings, JSON.stringify(content));
        },
      };
    },
  };
}

export interface CaseCopy {
  /** path of settings.json */
  settings: string;
  expected: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- the files of test/golden/cases have no type here
  change: (edit: (settings: any) => void) => void; // eslint-disable-line @typescript-eslint/no-explicit-any
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a result holds is what the tests look into
export const readJson = (file: string): any => JSON.parse(readFileSync(file, 'utf8'));

/** The arrays of an .npz of float64 (or of 64-bit instants, read as numbers), by a reader of its own. */
export function readNpz(file: string): Record<string, { shape: number[]; values: Float64Array }> {
  const entries = Object.entries(unzipSync(readFileSync(file)));
  return Object.fromEntries(
    entries.map(([name, bytes]) => {
      const headerLength = bytes[8]! + 256 * bytes[9]!;
      const header = Buffer.from(bytes.subarray(10, 10 + headerLength)).toString('latin1');
      const shape = /'shape': \(([^)]*)\)/.exec(header)![1]!.split(',').filter((part) => part.trim() !== '').map(Number); // prettier-ignore
      const data = bytes.slice(10 + headerLength);
      const values = header.includes('<f8') ? new Float64Array(data.buffer) : Float64Array.from(new BigInt64Array(data.buffer), Number);
      return [name.replace(/\.npy$/, ''), { shape, values }];
    }),
  );
}
