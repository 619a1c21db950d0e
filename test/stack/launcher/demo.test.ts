import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

jest.setTimeout(600_000);

describe('npm run demo', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-demo-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('does the main job on real input, prints the comparison, and leaves no process behind', () => {
    const state = path.join(folder, 'state');
    const out = path.join(folder, 'out');
    const cli = path.resolve(__dirname, '../../../dist/cli.js');
    const demo = spawnSync(process.execPath, [cli, 'demo', '--state', state, '--out', out], {
      encoding: 'utf8',
      env: { ...process.env, LASTGANG_STATE: '' },
      timeout: 560_000,
    });
    expect({ code: demo.status, stderr: demo.status === 0 ? '' : demo.stderr + demo.stdout }).toEqual({ code: 0, stderr: '' });
    expect(demo.stdout).toContain('n_dat = 17372'); // 17 420 hourly rows less 24 hours on either side
    for (const text of [
      'HUFL',
      'Training LIN',
      'Training Dense',
      '(persistence)',
      '(daily)',
      '(weekly)',
      'Temporal Web UI',
      'Supabase API',
    ])
      expect(demo.stdout).toContain(text);
    for (const phase of ['loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed'])
      expect(demo.stdout).toMatch(new RegExp(`^ +${phase} +█+ 100 %`, 'm'));
    expect(readdirSync(path.join(out, 'plots')).sort()).toEqual(
      ['D_cos', 'D_sin', 'Y_cos', 'Y_sin']
        .map((name) => `time_${name}.png`)
        .concat(['input_HUFL.png', 'input_MUFL.png', 'input_OT.png', 'input_violin_plot.png', 'output_OT.png', 'output_violin_plot.png'])
        .sort(),
    );
    expect(
      readdirSync(path.join(out, 'models'))
        .map((file) => path.extname(file))
        .sort(),
    ).toEqual(['.h5', '.json']);
    expect(existsSync(path.join(state, 'endpoints.json'))).toBe(false);
    expect(spawnSync('pgrep', ['-f', state], { encoding: 'utf8' }).stdout).toBe('');
  });
});
