import { checkStepCounts, parseDatasetSettings, parseTrainingSettings, trainingWarnings } from '../../../src/domain/settings';

type Request = Parameters<typeof parseTrainingSettings>[0];
const good = (request: Request) => {
  const { settings, findings } = parseTrainingSettings(request);
  if (!settings) throw new Error(JSON.stringify(findings));
  return settings;
};
const model = (model_parameters: Record<string, unknown>) => good({ model_parameters });
const findings = (request: Request) => parseTrainingSettings(request).findings;

describe('model parameters (http-api B.5)', () => {
  it('defaults to LIN, with every default recorded', () => {
    expect(good({})).toEqual({
      model: { kind: 'LIN' },
      modeAsSent: 'LIN',
      parameters: {
        MODE: 'LIN',
        LAY: 2,
        N: 64,
        EP: 100,
        ACTF: 'ReLU',
        K: 3,
        KERNEL: 'rbf',
        C: 1,
        EPSILON: 0.1,
        svr_subsample: null,
        random_dat: false,
      },
      split: { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' },
    });
    expect(model({ MODE: 'LIN', LAY: null, N: null, EP: '' }).model).toEqual({ kind: 'LIN' });
  });

  it.each([
    ['Linear', 'LIN'],
    ['lin', 'LIN'],
    ['NN', 'Dense'],
    ['dense', 'Dense'],
    ['CNN', 'CNN'],
    ['lstm', 'LSTM'],
    ['AR LSTM', 'AR LSTM'],
    ['svr_DIR', 'SVR'],
    ['SVR_MIMO', 'SVR'],
  ])('MODE %s is %s and is kept as sent', (MODE, kind) => expect(model({ MODE })).toMatchObject({ model: { kind }, modeAsSent: MODE }));

  it.each([
    [
      { MODE: 'Dense', LAY: 3, N: '512', EP: '20', ACTF: 'relu' },
      { kind: 'Dense', layers: 3, units: 512, epochs: 20, activation: 'relu' },
    ],
    [
      { MODE: 'CNN', LAY: 3, N: 128, K: 4, EP: 100, ACTF: 'None' },
      { kind: 'CNN', layers: 3, units: 128, epochs: 100, activation: 'linear', kernelEdge: 4 },
    ],
    [
      { MODE: 'SVR_MIMO', KERNEL: 'Linear', C: '10,0', EPSILON: 0.05 },
      { kind: 'SVR', strategy: 'MIMO', kernel: 'linear', c: 10, epsilon: 0.05, subsample: null },
    ],
    [
      { MODE: 'SVR_dir', svr_subsample: '500' },
      { kind: 'SVR', strategy: 'dir', kernel: 'rbf', c: 1, epsilon: 0.1, subsample: 500 },
    ],
  ])('reads %j', (parameters, expected) => expect(model(parameters).model).toEqual(expected));

  it.each([
    ['Keine', 'linear', 'Linear'],
    ['TANH', 'tanh', 'Tanh'],
    ['swish', 'swish', 'swish'],
  ])('ACTF %s is %s, stored as %s', (ACTF, activation, stored) => {
    expect(model({ MODE: 'Dense', ACTF })).toMatchObject({ model: { activation }, parameters: { ACTF: stored } });
  });

  it.each([
    [{ MODE: 'Dense', N: 999_999_999 }, 'PARAM_RANGE', 'N must be between 1 and 4096'],
    [{ MODE: 'Dense', N: '999999999' }, 'PARAM_RANGE', 'N must be between 1 and 4096'],
    [{ LAY: -5 }, 'PARAM_RANGE', 'LAY must be between 1 and 16'],
    [{ EP: 10_000_000 }, 'PARAM_RANGE', 'EP must be between 1 and 2000'],
    [{ LAY: 2.5 }, 'PARAM_RANGE', 'LAY must be between 1 and 16'],
    [{ K: 'drei' }, 'PARAM_RANGE', 'K must be a number'],
    [{ N: true }, 'PARAM_RANGE', 'N must be a number'],
    [{ C: 0 }, 'PARAM_RANGE', 'C must be between 0 and 1000000'],
    [{ random_dat: 'perhaps' }, 'PARAM_OPTION', 'random_dat "perhaps" is unknown; allowed: true, false'],
    [{ random_dat: 'ja' }, 'PARAM_OPTION', 'random_dat "ja" is unknown; allowed: true, false'],
    [{ EPSILON: -0.1 }, 'PARAM_RANGE', 'EPSILON must be between 0 and 1000000'],
    [{ MODE: 'GPT' }, 'MODE_UNKNOWN', 'MODE "GPT" is unknown'],
    [{ ACTF: 'wild' }, 'PARAM_OPTION', 'ACTF "wild" is unknown'],
    [{ KERNEL: 'wild' }, 'PARAM_OPTION', 'KERNEL "wild" is unknown'],
    [{ svr_subsample: 1 }, 'SVR_SUBSAMPLE', 'svr_subsample must be'],
  ])('refuses %j, also where the mode does not use it', (model_parameters, code, message) => {
    const [finding, ...others] = findings({ model_parameters });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code, field: Object.keys(model_parameters).at(-1) });
    expect(finding!.message).toContain(message);
  });

  it('bounds a subsample by the rows this installation allows', () => {
    const refused = (svr_subsample: number) => parseTrainingSettings({ model_parameters: { svr_subsample } }, 400).findings;
    expect(refused(400)).toEqual([]);
    expect(refused(401)).toMatchObject([{ code: 'SVR_SUBSAMPLE', context: { value: '401', cap: 400 } }]);
  });

  it('says the range in one fixed sentence', () => {
    const sentence = (parameters: Record<string, unknown>) => findings({ model_parameters: parameters })[0]!.message;
    expect(sentence({ N: 5000 })).toBe('N must be between 1 and 4096');
    expect(sentence({ C: 2e6 })).toBe('C must be between 0 and 1000000');
    expect(sentence({ svr_subsample: 1 })).toBe('svr_subsample must be between 2 and 20000, not 1');
    expect(sentence({ svr_subsample: 2.5 })).toBe('svr_subsample must be between 2 and 20000 (whole number), not 2.5');
    expect(sentence({ svr_subsample: 'all' })).toBe('svr_subsample must be a number, not all');
    expect(sentence({ LAY: 2.5 })).toBe('LAY must be between 1 and 16 (whole number)');
    expect(sentence({ EP: 'viele' })).toBe('EP must be a number');
  });

  it('reports everything at once', () => {
    const request = {
      model_parameters: { MODE: 'x', LAY: 0, C: 'y' },
      training_split: { trainPercentage: 50, seed: -1, scaler_fit: 'half' },
    };
    expect(findings(request).map(({ code }) => code)).toEqual([
      'MODE_UNKNOWN',
      'PARAM_RANGE',
      'PARAM_RANGE',
      'SPLIT_PERCENT',
      'SEED',
      'SCALER_FIT',
    ]);
  });

  it('refuses anything but objects', () => {
    expect(findings({ model_parameters: [] }).map(({ field }) => field)).toEqual(['model_parameters']);
    expect(findings({ training_split: 'x' }).map(({ field }) => field)).toEqual(['training_split']);
  });
});

describe('training split (http-api B.6)', () => {
  const split = (training_split: Record<string, unknown>, rest: Request = {}) => good({ ...rest, training_split }).split;

  it('takes percentages as numbers or text, within 0.1 of 100', () => {
    expect(split({ trainPercentage: '60', valPercentage: 20, testPercentage: '20', n_train: 0 })).toMatchObject({
      trainPercentage: 60,
      valPercentage: 20,
      testPercentage: 20,
    });
    expect(split({ trainPercentage: 33.3, valPercentage: 33.3, testPercentage: 33.3 })).toMatchObject({ testPercentage: 33.3 });
  });

  it('reads the old form in fractions, percentages winning', () => {
    expect(split({ train_ratio: 0.6, validation_ratio: 0.3, test_ratio: 0.1, shuffle: true })).toMatchObject({
      trainPercentage: 60,
      valPercentage: 30,
      testPercentage: 10,
      random: true,
    });
    const both = { train_ratio: 0.6, validation_ratio: 0.3, test_ratio: 0.1, trainPercentage: 70, valPercentage: 20, testPercentage: 10 };
    expect(split(both)).toMatchObject({ trainPercentage: 70 });
  });

  it.each([
    [{ trainPercentage: 70 }],
    [{ trainPercentage: 70, valPercentage: 20, testPercentage: 20 }],
    [{ trainPercentage: 0, valPercentage: 50, testPercentage: 50 }],
    [{ trainPercentage: 120, valPercentage: -30, testPercentage: 10 }],
    [{ trainPercentage: 'x', valPercentage: 20, testPercentage: 10 }],
    [{ trainPercentage: 70, valPercentage: 20, testPercentage: 10.2 }],
  ])('refuses %j', (training_split) => expect(findings({ training_split }).map(({ code }) => code)).toEqual(['SPLIT_PERCENT']));

  it.each([
    [{ random_dat: false, shuffle: true }, { random_dat: true }, false],
    [{ shuffle: false }, { random_dat: true }, true],
    [{ shuffle: true }, { random_dat: 'false' }, false],
    [{ shuffle: 'true' }, {}, true],
    [{}, {}, false],
  ])('split %j and parameters %j give random order %p', (training_split, model_parameters, expected) => {
    const settings = good({ training_split, model_parameters });
    expect([settings.split.random, settings.parameters['random_dat']]).toEqual([expected, expected]);
  });

  it('accepts seed and scaler_fit in the split or beside it', () => {
    expect(split({}, { seed: '7', scaler_fit: 'all' })).toMatchObject({ seed: 7, scalerFit: 'all' });
    expect(split({ seed: 4_294_967_295, scaler_fit: 'train' }, { seed: 7, scaler_fit: 'all' })).toMatchObject({
      seed: 4_294_967_295,
      scalerFit: 'train',
    });
    expect(findings({ seed: 4_294_967_296 }).map(({ code }) => code)).toEqual(['SEED']);
    expect(findings({ seed: 1.5 }).map(({ code }) => code)).toEqual(['SEED']);
  });
});

describe('training and dataset together', () => {
  const steps = (inputSteps: number, outputSteps: number) => ({ inputSteps, outputSteps, referenceStepMin: 15, referenceOffsetMin: 0 });

  it.each(['LSTM', 'AR LSTM', 'SVR_dir', 'SVR_MIMO', 'LIN'])('%s needs equal step counts', (MODE) => {
    expect(checkStepCounts(model({ MODE }), steps(96, 96))).toEqual([]);
    const [finding] = checkStepCounts(model({ MODE }), steps(96, 48));
    expect(finding).toMatchObject({ code: 'STEPS_UNEQUAL', context: { mode: MODE, eingabe: 96, ausgabe: 48 } });
    expect(finding!.message).toMatch(/96.*48.*Dense and CNN accept different counts/);
  });

  it.each(['Dense', 'CNN'])('%s accepts different counts', (MODE) => expect(checkStepCounts(model({ MODE }), steps(96, 48))).toEqual([]));

  it('warns of unscaled targets of networks, random order and the name AR LSTM', () => {
    const { settings } = parseDatasetSettings({
      files: [{ bezeichnung: 'a' }, { bezeichnung: 'b', type: 'output', skalierung: 'nein' }],
      zeitschritte: { eingabe: 2, ausgabe: 2, zeitschrittweite: 15 },
      timeInfo: null,
    });
    const codes = (request: Request) => trainingWarnings(good(request), settings!).map(({ code }) => code);
    expect(codes({ model_parameters: { MODE: 'AR LSTM', random_dat: true } })).toEqual([
      'UNSCALED_TARGET',
      'RANDOM_SPLIT',
      'AR_LSTM_IS_LSTM',
    ]);
    expect(codes({ model_parameters: { MODE: 'LIN' } })).toEqual([]);
  });
});
