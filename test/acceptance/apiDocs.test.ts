/** docs/api.md as a user follows it: its commands are taken from the page and run in one shell. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(__dirname, '../..');
const page = readFileSync(path.join(root, 'docs/api.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
const MARK = '#### end of block';

/** Runs all blocks one after another; the first command that fails ends the shell. @returns what each has printed */
async function follow(): Promise<string[]> {
  const script = blocks.map((block) => `${block}\necho; echo "${MARK}"\n`).join('');
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    timeout: 280_000,
    maxBuffer: 16 * 1024 ** 2,
  });
  return stdout
    .split(`${MARK}\n`)
    .slice(0, -1)
    .map((text) => text.trim());
}

/** What the block with this command has printed. */
const printed = (outputs: readonly string[], command: string): string => {
  const index = blocks.findIndex((block) => block.includes(command));
  if (index < 0) throw new Error(`no block has ${command}`);
  return outputs[index] ?? '';
};
const last = (text: string): Record<string, unknown> => JSON.parse(text.slice(text.lastIndexOf('{"success"'))) as Record<string, unknown>;

const described = spawnSync('curl', ['--version']).status === 0 ? describe : describe.skip;

described('the walk through the API', () => {
  it('leads from an account to a model, as it stands', async () => {
    const outputs = await follow();
    expect(outputs).toHaveLength(blocks.length);
    expect(printed(outputs, '/auth/v1/signup')).toMatch(/^[0-9a-f-]{36}$/);
    expect(last(printed(outputs, '/init-session'))).toMatchObject({ success: true, created: true });
    expect(last(printed(outputs, 'HUFL-ab'))).toMatchObject({ assembled: true, missing: [], file: { rows: 17_420, valid: true } });
    expect(last(printed(outputs, '/finalize-session'))).toMatchObject({ file_count: 3, n_dat: 3 * 17_420 });
    // hourly rows, a day before and a day after each reference time
    expect(printed(outputs, '/generate-datasets/')).toBe(String(17_420 - 24 - 24));
    expect(printed(outputs, '/train-models/')).toMatch(/completed$/);
    expect(last(printed(outputs, '/cancel-training/'))).toMatchObject({ cancelled: false, status: 'completed' });
    expect(printed(outputs, '/evaluation-tables/')).toMatch(/MAE: \d/);
    expect(printed(outputs, '/download-model-h5/')).toContain('"format":"json"');
    expect(printed(outputs, 'session_1_unknown')).toContain('"code":"SESSION_NOT_FOUND"');
    expect(printed(outputs, 'session_1_unknown')).toContain('EP must be between 1 and 2000');
    expect(last(printed(outputs, '/delete"'))).toMatchObject({ success: true });
  }, 300_000);
});
