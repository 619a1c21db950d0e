import { trainingFeasibility } from '../../../src/api/jobs/feasibility';
import { buildDataset, DEFAULT_LIMITS } from '../../../src/domain/dataset';
import type { DatasetLimits } from '../../../src/domain/dataset';
import { PipelineError } from '../../../src/domain/findings';
import type { Finding, FindingCode } from '../../../src/domain/findings';
import { parseCsv } from '../../../src/domain/series';
import { checkStepCounts, parseDatasetSettings, parseTestSetPlot, parseTrainingSettings } from '../../../src/domain/settings';
import { splitSamples } from '../../../src/domain/split';
import { arraySamples, describeNetwork, initialWeights, openBackend } from '../../../src/training';
import { TrainingError } from '../../../src/training/errors';
import { atTheBeginning, fitNetwork } from '../../../src/training/fit';
import { snapshotOf } from '../api-jobs/rows';
import { GOLDEN_SERIES, GOLDEN_SETTINGS, rows, seriesSettings, steps, utc } from '../dataset/support';

/** A code of pipeline.md 18 with the smallest input that leads to it. */
export interface Refusal {
  /** 500: a job that failed, for no request is answered with it */
  status: 400 | 422 | 500;
  produce: () => readonly Finding[] | Promise<readonly Finding[]>;
  /** what the table demands, each found in the message */
  message: readonly string[];
  /** facts told beside the message */
  rest?: Partial<Finding>;
}

const csv = (text: string | Uint8Array, label?: string): readonly Finding[] => {
  const result = parseCsv(typeof text === 'string' ? new TextEncoder().encode(text) : text, { fileName: 'last.csv', label: label ?? null });
  return result.ok ? [] : result.findings;
};
const quarters = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `2024-01-01 ${String(Math.floor(i / 4)).padStart(2, '0')}:${String((i % 4) * 15).padStart(2, '0')};${i}`,
  );

const INPUT = { bezeichnung: 'Last', type: 'input', zeithorizontStart: '-1', zeithorizontEnd: '0' };
const OUTPUT = { bezeichnung: 'Preis', type: 'output', zeithorizontStart: '0', zeithorizontEnd: '1' };
const STEPS = { eingabe: '13', ausgabe: '13', zeitschrittweite: '15', offset: '0' };
const TIME = { zeitzone: 'Europe/Vienna' };

const settings = (change: { input?: object; files?: object[]; steps?: object | null; time?: object }): readonly Finding[] =>
  parseDatasetSettings({
    files: change.files ?? [{ ...INPUT, ...change.input }, OUTPUT],
    zeitschritte: change.steps === null ? null : { ...STEPS, ...change.steps },
    timeInfo: { ...TIME, ...change.time },
  }).findings;

const plot = (request: object) => parseTestSetPlot(request, { input: ['Last'], output: ['Preis'] }).findings;
const training = (model_parameters: object, training_split: object = {}): readonly Finding[] =>
  parseTrainingSettings({ model_parameters, training_split }).findings;

const valid = (model_parameters: object) => {
  const { settings: found, findings } = parseTrainingSettings({ model_parameters });
  if (!found) throw new PipelineError(findings);
  return found;
};

const thrown = (work: () => unknown): readonly Finding[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof PipelineError) return error.findings;
    throw error;
  }
};

const golden = (limits: Partial<DatasetLimits>) =>
  thrown(() => buildDataset(GOLDEN_SERIES, GOLDEN_SETTINGS, { maxReferenceTimes: 1e6, maxArrayCells: 1e9, maxArrayBytes: 1e9, ...limits }));

/** Input and output that never meet: the output begins when the input has ended. */
const apart = () =>
  thrown(() =>
    buildDataset(
      [rows('Last', 'input', utc('2024-01-01 00:00'), 60, [1, 2, 3, 4]), rows('Preis', 'output', utc('2024-02-01 00:00'), 60, [1, 2, 3])],
      {
        ...GOLDEN_SETTINGS,
        series: [seriesSettings('Last', 'input', -1, 0), seriesSettings('Preis', 'output', 0, 1)],
        steps: steps(2, 2, 60),
      },
    ),
  );

const split = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' } as const;

/** A network whose first gradient, error times value, is beyond single precision: its weights are no numbers afterwards. */
async function diverging(): Promise<readonly Finding[]> {
  const backend = await openBackend('wasm');
  const { model } = valid({ MODE: 'Dense', LAY: 1, N: 1, EP: 3, ACTF: 'Linear' });
  const network = describeNetwork(model, { inputSteps: 1, inputFeatures: 1, outputSteps: 1, outputFeatures: 1 });
  const values = Float32Array.of(1e30, 2e30);
  const targets = Float32Array.of(1e30, -1e30);
  const trained = backend.create(network, initialWeights(network, 1), arraySamples(values, 1, targets, 1));
  const plan = { trainCount: 2, validation: { count: 2, inputs: values, outputs: targets }, epochs: 3 };
  const silent = { onBatch: () => undefined, onEpoch: () => undefined };
  try {
    await fitNetwork(trained, plan, atTheBeginning(1), [], silent);
    return [];
  } catch (error) {
    if (!(error instanceof TrainingError) || error.code !== 'TRAINING_DIVERGED') throw error;
    return [{ code: error.code, message: error.message, context: error.context }];
  } finally {
    trained.dispose();
  }
}

export const REFUSALS = {
  CSV_ENCODING: {
    status: 400,
    produce: () => csv(Uint8Array.from([...Buffer.from('UTC;v\n2024-01-01 00:00;'), 0xff, 10])),
    message: ['last.csv', 'UTF-8', 'byte 23'],
    rest: { file: 'last.csv' },
  },
  CSV_SEPARATOR: {
    status: 400,
    produce: () => csv('UTC|v\n2024-01-01 00:00|1\n2024-01-01 00:15|2\n'),
    message: ['last.csv', 'separator must be ; , or tab'],
    rest: { file: 'last.csv' },
  },
  CSV_COLUMNS: {
    status: 400,
    produce: () => csv('UTC;Nord;Süd\n2024-01-01 00:00;1;2\n2024-01-01 00:15;1;2\n', 'Last'),
    message: ['last.csv', '"UTC", "Nord", "Süd"', 'expected 2; choose one by bezeichnung'],
    rest: { file: 'last.csv' },
  },
  CSV_ROW_LENGTH: {
    status: 400,
    produce: () => csv(['UTC;v', ...quarters(12), '2024-01-01 03:00;1;2'].join('\n')),
    message: ['last.csv', 'row 14', '3 fields instead of 2'],
    rest: { file: 'last.csv', row: 14 },
  },
  CSV_TIMESTAMP: {
    status: 400,
    produce: () => csv('UTC;v\n2024-01-01 00:00;1\n2024-02-30 00:00;2\n'),
    message: ['last.csv', 'row 3', 'column "UTC"', '2024-02-30 00:00', 'YYYY-MM-DD HH:MM'],
    rest: { file: 'last.csv', row: 3 },
  },
  CSV_NUMBER: {
    status: 400,
    produce: () => csv('UTC;Last [MW]\n2024-01-01 00:00;1\n2024-01-01 00:15;1.2.3\n'),
    message: ['last.csv', 'row 3', 'column "Last [MW]"', '1.2.3'],
    rest: { file: 'last.csv', row: 3 },
  },
  CSV_UNSORTED: {
    status: 400,
    produce: () => csv('UTC;v\n2024-01-01 00:15;1\n2024-01-01 00:00;2\n'),
    message: ['last.csv', 'row 3', '2024-01-01 00:15:00', '2024-01-01 00:00:00'],
    rest: { file: 'last.csv', row: 3 },
  },
  CSV_DUPLICATE: {
    status: 400,
    produce: () => csv(['UTC;v', ...quarters(7).flatMap((row) => [row, row])].join('\n')),
    message: ['last.csv', '7 rows', '00:00:00 (row 3)', '00:15:00 (row 5)', '00:30:00 (row 7)', '00:45:00 (row 9)', '01:00:00 (row 11)'],
    rest: { file: 'last.csv', row: 3 },
  },
  CSV_TOO_SHORT: {
    status: 400,
    produce: () => csv('UTC;v\n2024-01-01 00:00;1\n'),
    message: ['last.csv', '1 data row'],
    rest: { file: 'last.csv' },
  },
  NO_INPUT: { status: 400, produce: () => settings({ files: [OUTPUT] }), message: ['input'] },
  NO_OUTPUT: { status: 400, produce: () => settings({ files: [INPUT] }), message: ['output'] },
  LABEL_DUPLICATE: {
    status: 400,
    produce: () => settings({ files: [INPUT, INPUT, OUTPUT] }),
    message: ['input', '"Last"'],
    rest: { field: 'bezeichnung', context: { role: 'input', label: 'Last' } },
  },
  STEPS_MISSING: {
    status: 400,
    produce: () => settings({ steps: { eingabe: null, zeitschrittweite: ' ' } }),
    message: ['eingabe', 'zeitschrittweite'],
    rest: { context: { missing: ['eingabe', 'zeitschrittweite'] } },
  },
  STEPS_RANGE: {
    status: 400,
    produce: () => settings({ steps: { eingabe: '13.5' } }),
    message: ['eingabe', '13.5', '2', '4096'],
    rest: { field: 'eingabe' },
  },
  STEPS_ONE: {
    status: 400,
    produce: () => settings({ steps: { eingabe: 1 }, time: { tag: true } }),
    message: ['eingabe', 'Last', 'D'],
    rest: { field: 'eingabe', context: { concerned: ['Last', 'D'] } },
  },
  REF_STEP: {
    status: 400,
    produce: () => settings({ steps: { zeitschrittweite: '0,01' } }),
    message: ['0,01'],
    rest: { field: 'zeitschrittweite' },
  },
  REF_OFFSET: { status: 400, produce: () => settings({ steps: { offset: 60 } }), message: ['60'], rest: { field: 'offset' } },
  HORIZON: {
    status: 400,
    produce: () => settings({ input: { zeithorizontStart: 'gestern', zeithorizontEnd: '-2.5' } }),
    message: ['"Last"', 'gestern', '-2.5'],
    rest: { file: 'Last', context: { zeithorizontStart: 'gestern', zeithorizontEnd: -2.5 } },
  },
  UNKNOWN_OPTION: {
    status: 400,
    produce: () => settings({ input: { datenform: 'Wahre Daten' } }),
    message: ['datenform', '"Wahre Daten"', 'Historische Daten, Historische Prognosen, Aktueller Wert'],
    rest: { field: 'datenform', file: 'Last' },
  },
  SCALE_RANGE: {
    status: 400,
    produce: () => settings({ time: { woche: true, category_data: { woche: { skalierungMin: 1, skalierungMax: '0.5' } } } }),
    message: ['"woche"', '1', '0.5'],
    rest: { file: 'woche', context: { skalierungMin: 1, skalierungMax: 0.5 } },
  },
  TIME_ZONE: {
    status: 400,
    produce: () => settings({ time: { zeitzone: 'Europe/Wien' } }),
    message: ['"Europe/Wien"'],
    rest: { field: 'zeitzone' },
  },
  HOLIDAY_CALENDAR: {
    status: 400,
    produce: () => settings({ time: { feiertag: true, category_data: { feiertag: { land: 'DE-XX' } } } }),
    message: ['"DE-XX"', 'Österreich', 'AT', 'DE-BY'],
    rest: { field: 'land' },
  },
  MODE_UNKNOWN: {
    status: 400,
    produce: () => training({ MODE: 'Transformer' }),
    message: ['"Transformer"', 'Dense, NN, CNN, LSTM, AR LSTM, SVR_dir, SVR_MIMO, LIN, Linear'],
    rest: { field: 'MODE' },
  },
  PARAM_RANGE: {
    status: 400,
    produce: () => training({ LAY: 17 }),
    message: ['LAY', '1', '16'],
    rest: { field: 'LAY', context: { value: '17', min: 1, max: 16 } },
  },
  PARAM_OPTION: {
    status: 400,
    produce: () => training({ KERNEL: 'quadratic' }),
    message: ['KERNEL', '"quadratic"', 'linear, poly, rbf, sigmoid'],
    rest: { field: 'KERNEL' },
  },
  STEPS_UNEQUAL: {
    status: 400,
    produce: () => checkStepCounts(valid({ MODE: 'SVR_MIMO' }), steps(97, 24, 15)),
    message: ['SVR_MIMO', '97', '24', 'Dense and CNN accept different counts'],
  },
  SPLIT_PERCENT: {
    status: 400,
    produce: () => training({}, { trainPercentage: 70, valPercentage: 20, testPercentage: '10.5' }),
    message: ['70 + 20 + 10.5', '100.5'],
    rest: { context: { values: [70, 20, 10.5], sum: 100.5 } },
  },
  SCALER_FIT: { status: 400, produce: () => training({}, { scaler_fit: 'test' }), message: ['test'], rest: { field: 'scaler_fit' } },
  SEED: {
    status: 400,
    produce: () => training({}, { seed: 4_294_967_296 }),
    message: ['4294967296', '4294967295'],
    rest: { field: 'seed' },
  },
  PLOT_NAME: {
    status: 400,
    produce: () => plot({ df_plot_out: { Last: true } }),
    message: ['Last', 'Preis'],
    rest: { field: 'df_plot_out' },
  },
  PLOT_RANGE: {
    status: 400,
    produce: () => plot({ plot_settings: { num_sbpl: 101 }, df_plot_in: { Last: true } }),
    message: ['101', '1 and 100'],
    rest: { field: 'plot_settings.num_sbpl' },
  },
  SVR_SUBSAMPLE: {
    status: 400,
    produce: () => training({ svr_subsample: 20_001 }),
    message: ['20001', '20000'],
    rest: { field: 'svr_subsample', context: { value: '20001', cap: 20_000 } },
  },
  NO_WINDOWS: {
    status: 422,
    produce: apart,
    message: [
      '4 reference times',
      'input "Last": 1 outside',
      'output "Preis": 3 outside',
      '2024-01-01 00:00:00 to 2024-01-01 03:00:00',
      '2024-02-01',
    ],
  },
  SPLIT_TOO_FEW: {
    status: 422,
    produce: () => thrown(() => splitSamples(8, split, { validation: true, mode: 'CNN' })),
    message: ['8 windows', '6 for training', '2 for validation', '0 for testing', 'CNN', 'at least 1'],
    rest: { context: { n_dat: 8, n_train: 6, n_val: 2, n_test: 0, mode: 'CNN', empty: ['test'], smallest_needed: 1 } },
  },
  TOO_MANY_CELLS: {
    status: 422,
    produce: () => golden({ maxArrayCells: 1000 }),
    message: ['456 windows', '13 × 2 input', '13 × 2 output', '23712 cells', '1000', 'raise zeitschrittweite or lower eingabe/ausgabe'],
    rest: { context: { cells: 456 * 52, cap: 1000, n_c: 456, I_N: 13, O_N: 13, n_ft_i: 2, n_ft_o: 2 } },
  },
  TOO_MANY_REFERENCES: {
    status: 422,
    produce: () => golden({ maxReferenceTimes: 479 }),
    message: ['480', '479'],
    rest: { context: { count: 480, cap: 479 } },
  },
  MODEL_TOO_LARGE: {
    status: 422,
    // 5 steps of one series → 4 units → 5 steps: 5·4 + 4 and 4·5 + 5 weights
    produce: () =>
      trainingFeasibility(snapshotOf({ hours: 100 }), valid({ MODE: 'Dense', LAY: 1, N: 4 }), {
        ...DEFAULT_LIMITS,
        maxModelParameters: 48,
        svrMaxRows: 20_000,
      }),
    message: ['49', '48'],
    rest: { context: { parameters: 49, cap: 48 } },
  },
  SVR_TOO_MANY_ROWS: {
    status: 422,
    // 98 windows, 69 of them for training, 5 steps each
    produce: () =>
      trainingFeasibility(snapshotOf({ hours: 100 }), valid({ MODE: 'SVR_MIMO' }), {
        ...DEFAULT_LIMITS,
        maxModelParameters: 1,
        svrMaxRows: 344,
      }),
    message: [
      'SVR_MIMO',
      '345 rows',
      '69 training windows × 5 steps',
      '344',
      'larger zeitschrittweite',
      'smaller eingabe',
      'another MODE',
      'svr_subsample',
    ],
    rest: { field: 'MODE', context: { rows: 345, cap: 344, n_train: 69, I_N: 5 } },
  },
  TRAINING_DIVERGED: {
    status: 500,
    produce: diverging,
    message: ['epochs run: 2', 'last loss: no number'],
    rest: { context: { epochs_run: 2, last_loss: 'no number' } },
  },
} satisfies Partial<Record<FindingCode, Refusal>>;
