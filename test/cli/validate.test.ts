import { writeFileSync } from 'node:fs';
import { lastgang, useFolder } from './support';

jest.setTimeout(60_000);
const { at, copyCase } = useFolder();

const codes = (stdout: string): string[] => JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);

describe('lastgang validate', () => {
  it('tells the windows, the parts and the weights of settings that fit', async () => {
    const { settings, expected } = copyCase('50-dense');
    const { code, stdout } = await lastgang('validate', settings, '--json');
    expect(code).toBe(0);
    const { train, val, test } = expected.split;
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      findings: [],
      warnings: [],
      n_dat: expected.n_dat,
      input_features: ['HUFL', 'MUFL'],
      output_features: ['OT', 'LULL'],
      // 26 → 8 → 8 → 26 with biases: 27·8 + 9·8 + 9·26
      trainings: [{ mode: 'Dense', n_train: train, n_val: val, n_test: test, parameters: 522 }],
    });
    const shown = await lastgang('validate', settings);
    for (const text of [`n_dat = ${expected.n_dat}`, 'HUFL', 'no findings']) expect(shown.stdout).toContain(text);
  });

  it('names everything that is wrong at once: settings, files and rows', async () => {
    const { settings, change } = copyCase('40-lin-2in-2out');
    change((content) => {
      content.zeitschritte = { eingabe: 13, ausgabe: '7', zeitschrittweite: 0, offset: 60 };
      content.files[0].zeithorizontEnd = -13;
      content.files[1].file = 'input/gone.csv';
      content.files[2].file = 'input/broken.csv';
      content.files[3].datenanpassung = 'Spline';
      content.timeInfo = { tag: true, zeitzone: 'Europe/Wien' };
      content.model_parameters = { MODE: 'LSTM' };
      content.training_split = { trainPercentage: 70, valPercentage: 20, testPercentage: 20 };
      content.seed = -1;
      content.modelparameters = {};
    });
    writeFileSync(at('40-lin-2in-2out/input/broken.csv'), 'UTC;OT\n2024-01-01 00:00:00;1\n2024-01-01 01:00:00;one\n');
    const { code, stdout } = await lastgang('validate', settings, '--json');
    expect(code).toBe(2);
    expect(codes(stdout).sort()).toEqual(
      [
        'HORIZON', 'UNKNOWN_OPTION', 'REF_STEP', 'REF_OFFSET', 'TIME_ZONE', 'SPLIT_PERCENT', 'SEED', 'STEPS_UNEQUAL', 'FILE_UNREADABLE', 'CSV_NUMBER',
      ].sort(), // prettier-ignore
    );
    expect(JSON.parse(stdout).warnings).toMatchObject([{ code: 'UNKNOWN_KEY' }]);
    const shown = await lastgang('validate', settings);
    expect(shown.stdout).toMatch(/^ +input\/broken\.csv:3 +CSV_NUMBER +.*"one"/m);
    expect(shown.stdout).toMatch(/^ +HUFL +zeithorizontStart +HORIZON /m);
  });

  it('judges what only the data show: windows, parts, sizes', async () => {
    const { settings, change } = copyCase('50-dense');
    const infeasible = async (edit: (content: any) => void) => { // eslint-disable-line @typescript-eslint/no-explicit-any
      change(edit);
      const { code, stdout } = await lastgang('validate', settings, '--json');
      expect(code).toBe(2);
      return codes(stdout);
    }; // prettier-ignore
    // 170 hourly rows
    expect(await infeasible((content) => (content.files[2].zeithorizontEnd = 170))).toEqual(['NO_WINDOWS']);
    // references of an hour from 12 h after the start to 150 h before the end: 8 windows leave the test part empty (pipeline.md 11)
    expect(await infeasible((content) => (content.files[2].zeithorizontEnd = 150))).toEqual(['SPLIT_TOO_FEW']);
    const large = await infeasible((content) => {
      content.files[2].zeithorizontEnd = 12;
      content.trainings = [{ model_parameters: content.model_parameters }, { model_parameters: { MODE: 'NN', LAY: 16, N: 4096 } }];
      delete content.model_parameters;
    });
    expect(large).toEqual(['MODEL_TOO_LARGE']);
    // a training that is wrong in itself does not move the others' places
    change((content) => (content.trainings[0].model_parameters.LAY = 0));
    const { findings } = JSON.parse((await lastgang('validate', settings, '--json')).stdout);
    expect(findings.map(({ code, field }: { code: string; field: string }) => [code, field])).toEqual([
      ['PARAM_RANGE', 'trainings[0].LAY'],
      ['MODEL_TOO_LARGE', 'trainings[1].N'],
    ]);
  });

  it('says what is wrong with a settings file that is none', async () => {
    const sentence = async (content: string): Promise<string> => {
      writeFileSync(at('none.json'), content);
      const { code, stdout, stderr } = await lastgang('validate', at('none.json'));
      expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
      return stdout;
    };
    expect(await sentence('{\n  "files": [}')).toContain('is not valid JSON');
    expect(await sentence('{"files": {"file": "a.csv"}}')).toContain('files: ');
    expect(await sentence('{"files": [{"type": "input"}]}')).toContain('files[0].file: ');
    expect(await sentence('{"trainings": [{}], "model_parameters": {"MODE": "LIN"}}')).toContain('not both');
    expect(await sentence('{}')).toMatch(/NO_INPUT[^]*NO_OUTPUT[^]*STEPS_MISSING/);
    expect((await lastgang('validate', at('absent.json'))).stdout).toContain('does not exist');
  });

  it('refuses a command line that cannot be meant', async () => {
    for (const args of [
      ['validate'],
      ['validate', 'a', 'b'],
      ['validate', '--colour'],
      ['pipeline', 'a'],
      ['pipeline', 'a', '--out', 'b', '--backend', 'abacus'],
    ])
      expect(await lastgang(...args)).toMatchObject({ code: 2, stdout: '' });
    const help = await lastgang('pipeline', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--out DIR');
  });
});
