import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lastgang, readJson, readNpz, start, useFolder } from './support';

jest.setTimeout(180_000);
const { at, copyCase } = useFolder();

/** Tolerance of the golden cases for LIN metrics. */
const CLOSE = 1e-6;
const relative = (got: number, want: number): number => Math.abs(got - want) / Math.max(Math.abs(want), 1e-9);

describe('lastgang pipeline', () => {
  it('turns settings and CSV files into results whose tables are those of the client script', async () => {
    const { settings, expected } = copyCase('40-lin-2in-2out');
    const out = at('lin');
    const { code, stdout, stderr } = await lastgang('pipeline', settings, '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(out).sort()).toEqual(['dataset', 'dataset.npz', 'models', 'plots', 'result.json', 'scalers.json', 'test_data.npz']);
    expect(readdirSync(path.join(out, 'dataset')).sort()).toEqual(['columns.bin', 'manifest.json']);
    expect(readdirSync(path.join(out, 'plots')).sort()).toEqual(
      ['input_HUFL', 'input_MUFL', 'input_violin_plot', 'output_LULL', 'output_OT', 'output_violin_plot', 'test_set'].map(
        (name) => `${name}.png`,
      ),
    );
    expect(
      readFileSync(path.join(out, 'plots', 'input_HUFL.png'))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');

    const result = readJson(path.join(out, 'result.json'));
    for (const [output, columns] of Object.entries<Record<string, number[]>>(expected.model.df_eval)) {
      for (const [metric, values] of Object.entries(columns)) {
        const got = result.evaluation_metrics.df_eval[output][metric] as number[];
        values.forEach((value, level) => expect(relative(got[level]!, value)).toBeLessThan(CLOSE));
      }
    }
    const scalers = readJson(path.join(out, 'scalers.json'));
    expect(relative(scalers.input['0'].scale, expected.scalers.input[0].scale)).toBeLessThan(CLOSE);
    const [model] = readdirSync(path.join(out, 'models'));
    const coefficients = readJson(path.join(out, 'models', model!)).outputs[0].coefficients as number[];
    coefficients.forEach((value, i) => expect(relative(value, expected.model.linear[0].coefficients[i])).toBeLessThan(CLOSE));
    for (const text of [`n_dat = ${expected.n_dat}`, 'Evaluation of OT', '(persistence)', '(daily)', out]) expect(stdout).toContain(text);
  });

  it('builds the arrays of a user-sized session with time features', async () => {
    const { settings, expected } = copyCase('12-client-like');
    const out = at('client');
    expect((await lastgang('pipeline', settings, '--out', out, '--quiet')).code).toBe(0);
    const { i_array_3D: input, o_array_3D: output, utc_ref_log: references } = readNpz(path.join(out, 'dataset.npz'));
    expect(input!.shape).toEqual(expected.input_array.shape);
    expect(output!.shape).toEqual(expected.output_array.shape);
    expect(references!.shape).toEqual([expected.n_dat]);
    const width = input!.shape[2]!;
    expected.input_array.per_column.forEach((sums: { sum: number; max: number }, column: number) => {
      let [sum, size] = [0, 0];
      for (let cell = column; cell < input!.values.length; cell += width) {
        sum += input!.values[cell]!;
        size += Math.abs(input!.values[cell]!);
      }
      expect(Math.abs(sum - sums.sum)).toBeLessThan(CLOSE * size);
    });
    const { metadata } = readJson(path.join(out, 'result.json'));
    const { train, val, test } = expected.split;
    expect([metadata.n_train, metadata.n_val, metadata.n_test]).toEqual([train, val, test]);
  });

  it('draws the test windows that the settings ask for, and refuses columns it does not know', async () => {
    const { settings, change } = copyCase('40-lin-2in-2out');
    const draw = async (name: string) => {
      expect((await lastgang('pipeline', settings, '--out', at(name), '--quiet')).code).toBe(0);
      return readFileSync(path.join(at(name), 'plots', 'test_set.svg'), 'utf8');
    };
    change((content) => {
      content.plot_settings = { num_sbpl: '3', format: 'svg', seed: 5 };
      content.df_plot_in = { HUFL: true };
      content.df_plot_fcst = { OT: 'true' };
    });
    const first = await draw('plotted');
    expect(first).toMatch(/^<\?xml|^<svg/);
    expect(await draw('plotted_again')).toBe(first);
    change((content) => {
      content.df_plot_out = { Regen: true };
    });
    const { code, stdout, stderr } = await lastgang('pipeline', settings, '--out', at('refused'));
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(/df_plot_out +PLOT_NAME +.*Regen/);
  });

  it('trains a network, with files in every format, and evaluates the very forecast it stores', async () => {
    const { settings } = copyCase('50-dense');
    const out = at('dense');
    const { code, stdout } = await lastgang('pipeline', settings, '--out', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/epoch 3\/3 {2}loss \d\S* {2}val_loss \d/);
    expect(readdirSync(path.join(out, 'models')).map((name) => path.extname(name)).sort()).toEqual(['.bin', '.h5', '.json', '.keras']); // prettier-ignore
    const { y_orig: truth, y_fcst: forecast } = readNpz(path.join(out, 'test_data.npz'));
    const result = readJson(path.join(out, 'result.json'));
    result.output_features.forEach((output: string, column: number) => {
      const errors: number[] = [];
      for (let cell = column; cell < truth!.values.length; cell += 2) errors.push(Math.abs(forecast!.values[cell]! - truth!.values[cell]!));
      const mae = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(relative(result.evaluation_metrics.df_eval[output].MAE[0], mae)).toBeLessThan(1e-9);
    });
    expect(result.training.history.loss).toHaveLength(3);
  });

  it('gives the same result for the same seed, and another one for another', async () => {
    const { settings } = copyCase('50-dense');
    const run = async (name: string, seed: string) => {
      expect((await lastgang('pipeline', settings, '--out', at(name), '--seed', seed, '--quiet')).code).toBe(0);
      return withoutClock(at(name, 'result.json'));
    };
    const first = await run('seed7', '7');
    expect(await run('seed7again', '7')).toEqual(first);
    expect((await run('seed8', '8')).training.history).not.toEqual(first.training.history);
    expect(first.training_split.seed).toBe(7);
  });

  it('compares several trainings of one file on the same windows', async () => {
    const { settings, change } = copyCase('40-lin-2in-2out');
    change((content) => {
      delete content.model_parameters;
      content.trainings = [{ model_parameters: { MODE: 'LIN' } }, { model_parameters: { MODE: 'AR LSTM', LAY: 1, N: 2, EP: 1 } }];
    });
    const out = at('several');
    const { code, stdout, stderr } = await lastgang('pipeline', settings, '--out', out, '--json');
    expect(code).toBe(0);
    const answer = JSON.parse(stdout); // nothing but the one line
    expect(answer).toMatchObject({ ok: true, out, trainings: [{ folder: '1_LIN' }, { folder: '2_AR_LSTM', model_type: 'AR LSTM' }] });
    expect(stderr).toMatch(/^ +1 +60 +LIN .*\n +1 +60 +AR LSTM /m);
    const [lin, lstm] = ['1_LIN', '2_AR_LSTM'].map((folder) => readJson(path.join(out, folder, 'result.json')));
    expect(lin.metadata.dataset_hash).toBe(lstm.metadata.dataset_hash);
    expect(answer.trainings[0].test_metrics_original.OT.MAE).toBe(lin.evaluation_metrics.df_eval.OT.MAE[0]);
  });

  it('leaves a folder alone that is not empty, and replaces only earlier results', async () => {
    const { settings } = copyCase('40-lin-2in-2out');
    const out = at('taken');
    mkdirSync(out);
    writeFileSync(path.join(out, 'result.json'), 'of an earlier run');
    const refused = await lastgang('pipeline', settings, '--out', out);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--force');
    expect((await lastgang('pipeline', settings, '--out', out, '--force', '--quiet')).code).toBe(0);
    expect(readJson(path.join(out, 'result.json')).model_type).toBe('LIN');

    writeFileSync(path.join(out, 'thesis.docx'), 'not ours');
    expect((await lastgang('pipeline', settings, '--out', out, '--force')).code).toBe(2);
    expect(existsSync(path.join(out, 'thesis.docx'))).toBe(true);
    expect(readdirSync(at()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['drawing', 'n_dat ='],
    ['training', 'epoch 1/'],
  ])('leaves nothing and no process when it is stopped while %s', async (_, moment) => {
    const { settings, change } = copyCase('50-dense');
    change((content) => Object.assign(content.model_parameters, { MODE: 'CNN', N: 64, EP: 2000 }));
    const before = readdirSync(at()).sort();
    const run = start('pipeline', settings, '--out', at('stopped'));
    await run.says(moment);
    const [staging] = readdirSync(at()).filter((name) => name.startsWith('.stopped-'));
    expect(staging).toBeDefined();
    run.process.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130, stderr: 'Stopped; nothing was written.\n' });
    expect(readdirSync(at()).sort()).toEqual(before);
    expect(processesNaming(staging!)).toEqual([]);
  });

  it('ends with 1 and a sentence when a training diverges', async () => {
    const { settings, change } = copyCase('50-dense');
    change((content) => {
      for (const file of content.files) Object.assign(file, { skalierungMax: 1e30 });
    });
    const { code, stdout, stderr } = await lastgang('pipeline', settings, '--out', at('diverged'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'TRAINING_DIVERGED' });
    expect(stderr).not.toMatch(/^ +at /m);
    expect(existsSync(at('diverged'))).toBe(false);
  });
});

/** Without what the clock and the machine decide: durations, memory, and file names that carry the start of the run. */
function withoutClock(file: string) {
  const result = JSON.parse(readFileSync(file, 'utf8').replaceAll(/_\d{8}_\d{6}(?=[."])/g, ''));
  delete result.training.duration_s;
  delete result.training.system;
  for (const models of [result.trained_models, [result.trained_model]]) {
    // the weights alone hold no date and no name of another file
    for (const model of models) if (model.format !== 'bin') delete model.sha256;
  }
  return result;
}

function processesNaming(text: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command.includes(text) ? [command] : [];
    } catch {
      return []; // it ended meanwhile
    }
  });
}
