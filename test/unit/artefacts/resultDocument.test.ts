import { unzipSync } from 'fflate';
import { buildResultDocument, npz, strictJson, testArrays, trainingArraysStream } from '../../../src/domain/artefacts';
import type { ResultParts } from '../../../src/domain/artefacts';
import { buildDataset } from '../../../src/domain/dataset';
import { fitScalers } from '../../../src/domain/scaling';
import { statistics } from '../../../src/domain/series';
import { parseDatasetSettings, parseTrainingSettings, windowOffset, windowStepMin } from '../../../src/domain/settings';
import { evaluateForecasts } from '../../../src/domain/evaluation';
import { exampleWindows, KEPT_REFERENCES, SERIES, SPLIT, STEPS } from '../../golden/example';
import { stored } from '../dataset/support';
import { exampleForecast } from '../evaluation/exampleForecast';

const horizons = { A: [-3, 0], B: [0, 3], C: [0, 3], D: [0, 3] } as const;
const files = Object.values(SERIES).map(({ label, role }) => {
  const [start, end] = horizons[label as keyof typeof horizons];
  return {
    bezeichnung: label,
    type: role,
    zeithorizontStart: start,
    zeithorizontEnd: end,
    ...(label === 'B' ? { skalierung: 'nein' } : {}),
  };
});
const settings = parseDatasetSettings({
  files,
  zeitschritte: { eingabe: 13, ausgabe: 13, zeitschrittweite: 15, offset: 0 },
  timeInfo: null,
}).settings!;
const training = parseTrainingSettings({ model_parameters: { MODE: 'Linear' }, training_split: { scaler_fit: 'all' }, seed: 7 }).settings!;
const dataset = buildDataset(Object.values(SERIES), settings);
const scalers = fitScalers(dataset, null);

const parts: ResultParts = {
  settings: training,
  dataset,
  datasetHash: 'abc',
  series: settings.series.map((one, index) => ({
    settings: one,
    statistics: statistics(Object.values(SERIES)[index]!),
    windowStepMin: windowStepMin(one, settings.steps),
    windowOffset: windowOffset(one, settings.steps),
  })),
  counts: { nTrain: SPLIT.train, nVal: SPLIT.validation, nTest: SPLIT.test },
  scalers,
  evaluation: evaluateForecasts(exampleForecast('all')).evaluation,
  baselines: { persistence: { C: null, D: null }, daily: { C: null, D: null }, weekly: { C: null, D: null } },
  training: { rank: [2, 2], duration_s: NaN },
  backend: { name: 'none', version: '20' },
  warnings: [],
  models: [
    { filename: 'dense_all_20240101_000000.h5', modelClass: 'Dense', datasetName: 'all', format: 'h5', sizeBytes: 10, sha256: 'a' },
    { filename: 'dense_all_20240101_000000.keras', modelClass: 'Dense', datasetName: 'all', format: 'keras', sizeBytes: 11, sha256: 'b' },
    { filename: 'lin_c_20240101_000000.json', modelClass: 'LIN', datasetName: 'C', format: 'json', sizeBytes: 12, sha256: 'c' },
  ],
  artifacts: [],
};
const document = buildResultDocument(parts);

describe('result document', () => {
  it('has exactly the keys clients read', () => {
    expect(Object.keys(document).sort()).toEqual(
      [
        ...[
          'schema_version',
          'model_type',
          'model_internal',
          'parameters',
          'training_split',
          'training',
          'baselines',
          'warnings',
          'dataset_count',
        ],
        ...['input_features', 'output_features', 'n_timesteps', 'metadata', 'evaluation_metrics', 'metrics', 'scalers', 'trained_models'],
        ...['trained_model', 'artifacts'],
      ].sort(),
    );
  });

  it('keeps the mode as it was sent beside the internal name', () => {
    expect([document.model_type, document.model_internal, document.evaluation_metrics.model_type]).toEqual(['Linear', 'LIN', 'Linear']);
  });

  it('tells the numbers of windows, the split and the seed', () => {
    expect(document.dataset_count).toBe(443);
    expect(document.n_timesteps).toBe(13);
    expect(document.metadata).toMatchObject({
      n_dat: 443,
      n_train: 310,
      n_val: 89,
      n_test: 44,
      I_N: 13,
      O_N: 13,
      DELT: 15,
      OFST: 0,
      delt: 15,
      seed: 7,
    });
    expect(document.metadata.utc_ref_log).toEqual({ first: '2024-03-30 03:00:00', last: '2024-04-03 20:45:00', count: 443 });
    expect(document.training_split).toEqual({
      trainPercentage: 70,
      valPercentage: 20,
      testPercentage: 10,
      random_dat: false,
      scaler_fit: 'all',
      seed: 7,
    });
  });

  it('describes each series by its statistics and settings', () => {
    expect(document.metadata.i_dat_inf['B']).toMatchObject({
      utc_min: '2024-03-30 00:00:00',
      utc_max: '2024-04-03 23:45:00',
      delt: 15,
      ofst: 0,
      n_all: 480,
      n_num: 479,
      rate_num: 99.79,
      th_strt: 0,
      th_end: 3,
      delt_transf: 15,
      scal: false,
    });
    expect(Object.keys(document.metadata.o_dat_inf)).toEqual(['C', 'D']);
  });

  it('shows scalers with counts and names, null for a column without one', () => {
    expect(document.scalers.metadata).toEqual({
      input_features: 2,
      output_features: 2,
      input_features_scaled: 1,
      output_features_scaled: 2,
      input_feature_names: ['A', 'B'],
      output_feature_names: ['C', 'D'],
    });
    expect(document.scalers.input['1']).toBeNull();
    expect(document.scalers.input['0']).toMatchObject({ name: 'A', data_min: 30, data_max: 76, feature_range: [0, 1] });
  });

  it('names every model file, and the files of the same model together', () => {
    expect(document.trained_models.map(({ output, files: together }) => [output, together.length])).toEqual([
      ['C, D', 2],
      ['C, D', 2],
      ['C', 1],
    ]);
    expect(document.trained_models.map(({ name }) => name)).toEqual(['Dense', 'Dense', 'LIN C']);
    expect(document.trained_model).toBe(document.trained_models[0]);
  });

  it('is strict JSON', () => {
    expect((JSON.parse(strictJson(document)) as typeof document).training).toEqual({ rank: [2, 2], duration_s: null });
  });
});

describe('arrays of a run', () => {
  const { x, y } = exampleWindows();

  function floats(archive: Record<string, Uint8Array>, name: string): { shape: string; values: Float64Array } {
    const file = archive[`${name}.npy`]!;
    const start = 10 + file[8]! + 256 * file[9]!;
    const shape = /'shape': \(([^)]*)\)/.exec(Buffer.from(file.subarray(10, start)).toString('latin1'))![1]!;
    return { shape, values: new Float64Array(file.slice(start).buffer) };
  }

  it('hold the unscaled windows in order for training', async () => {
    const { manifest, read } = stored(dataset);
    const chunks: Uint8Array[] = [];
    for await (const chunk of trainingArraysStream(manifest, read)) chunks.push(chunk);
    const archive = unzipSync(Buffer.concat(chunks));
    expect(Object.keys(archive)).toEqual(['i_array_3D.npy', 'o_array_3D.npy', 'utc_ref_log.npy']);
    const inputs = floats(archive, 'i_array_3D');
    expect(inputs.shape).toBe(`443, ${STEPS}, 2`);
    expect(inputs.values).toEqual(x);
    expect(floats(archive, 'o_array_3D').values).toEqual(y);
  });

  it('hold scaled and original test windows, forecasts and reference times', () => {
    const windows = Int32Array.from({ length: SPLIT.test }, (_, i) => SPLIT.train + SPLIT.validation + i);
    const { testScaled, testOriginal } = exampleForecast('all');
    const archive = unzipSync(
      Buffer.concat([...npz(testArrays(dataset, { windows, scalers, scaled: testScaled.forecast, original: testOriginal.forecast }))]),
    );
    expect(Object.keys(archive).map((name) => name.replace('.npy', ''))).toEqual([
      'X',
      'y',
      'X_orig',
      'y_orig',
      'y_pred',
      'y_fcst',
      'utc_ref',
    ]);
    expect(floats(archive, 'y').values).toEqual(testScaled.truth);
    expect(floats(archive, 'y_orig').values).toEqual(testOriginal.truth);
    expect(floats(archive, 'y_fcst').values).toEqual(testOriginal.forecast);
    const times = archive['utc_ref.npy']!;
    const first = new DataView(times.buffer, times.byteOffset).getBigInt64(times.length - 8 * SPLIT.test, true);
    expect(Number(first)).toBe(SERIES.C.times[KEPT_REFERENCES[windows[0]!]!]);
  });
});
