import fs from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { npz, scalerArchive, scalerView, testArrays, trainingArraysStream } from '../../src/domain/artefacts';
import { buildDataset } from '../../src/domain/dataset';
import type { WindowDataset } from '../../src/domain/dataset';
import { fitLinear, predictLinear, windowRows } from '../../src/domain/models';
import type { LinearModelDocument } from '../../src/domain/models';
import { copyScaled, fitScalers, inverseScaled } from '../../src/domain/scaling';
import type { ScalerDocument } from '../../src/domain/scaling';
import type { Series } from '../../src/domain/series';
import { parseDatasetSettings } from '../../src/domain/settings';
import { splitParts, splitSamples } from '../../src/domain/split';
import { exampleWindows, KEPT_REFERENCES, SERIES, SPLIT, STEPS } from '../golden/example';
import { describeWith, runPython } from '../support/python';
import { stored } from '../unit/dataset/support';
import { removeTemporaryFolders, temporaryFolder } from '../training/support';

jest.setTimeout(120_000);
afterAll(removeTemporaryFolders);

const STAMP = '2024-03-30_12-05-00';

interface Exported {
  folder: string;
  dataset: WindowDataset;
  scalers: ScalerDocument;
  model: LinearModelDocument;
}

/** Everything a run of LIN leaves, as files. @param fields settings of each series beside its horizon */
async function exportRun(
  series: readonly Series[],
  fields: Record<string, object>,
  storage: 'compact' | 'materialised',
): Promise<Exported> {
  const files = series.map(({ label, role }) => {
    const [start, end] = label === 'B' || role === 'output' ? [0, 3] : [-3, 0];
    return { bezeichnung: label, type: role, zeithorizontStart: start, zeithorizontEnd: end, ...fields[label] };
  });
  const zeitschritte = { eingabe: STEPS, ausgabe: STEPS, zeitschrittweite: 15, offset: 0 };
  const { settings } = parseDatasetSettings({ files, zeitschritte, timeInfo: null });
  const dataset = buildDataset(series, settings!, undefined, storage);
  const split = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' } as const;
  const { train, test } = splitParts(splitSamples(dataset.windowCount, split, { validation: true }));
  const scalers = fitScalers(dataset, train);
  const model = fitLinear(windowRows(dataset, train, scalers));

  const rows = test.length * STEPS;
  const x = new Float64Array(rows * dataset.input.columns.length);
  copyScaled(dataset.input, scalers.input, test, x);
  const scaled = predictLinear(model, x, rows);
  const original = inverseScaled(scaled, dataset.output.columns.length, scalers.output);

  const folder = temporaryFolder('artefacts');
  const { manifest, read } = stored(dataset);
  const arrays: Uint8Array[] = [];
  for await (const chunk of trainingArraysStream(manifest, read)) arrays.push(chunk);
  fs.writeFileSync(path.join(folder, 'training_arrays.npz'), Buffer.concat(arrays));
  fs.writeFileSync(
    path.join(folder, 'test_data.npz'),
    Buffer.concat([...npz(testArrays(dataset, { windows: test, scalers, scaled, original }))]),
  );
  fs.writeFileSync(path.join(folder, 'lin.json'), JSON.stringify(model));
  fs.writeFileSync(path.join(folder, 'scalers.json'), JSON.stringify(scalers));
  const names = { input: dataset.input.columns.map(({ name }) => name), output: dataset.output.columns.map(({ name }) => name) };
  for (const [name, bytes] of Object.entries(unzipSync(scalerArchive(scalerView(scalers, names), STAMP))))
    fs.writeFileSync(path.join(folder, name), bytes);
  return { folder, dataset, scalers, model };
}

/** Shapes, types and values of an archive, read as anyone would read a file from outside. */
const READ_ARRAYS = `
import json, sys, numpy as np
with np.load(sys.argv[1], allow_pickle=False) as archive:
    print(json.dumps({name: {"dtype": a.dtype.str, "shape": a.shape, "order": bool(a.flags["C_CONTIGUOUS"]),
        "values": (a.astype("int64") if a.dtype.kind == "M" else a).ravel().tolist()} for name, a in archive.items()}))
`;
type Arrays = Record<string, { dtype: string; shape: number[]; order: boolean; values: number[] }>;

const { A, B, C, D } = SERIES;
const constant: Series = { ...A, label: 'E', values: A.values.map(() => 7) };
const copyOfA: Series = { ...A, label: 'A2' };

describeWith('numeric').each(['compact', 'materialised'] as const)('arrays of a %s dataset in numpy', (storage) => {
  let run: Exported;
  beforeAll(async () => {
    run = await exportRun([A, B, C, D], { B: { skalierung: 'nein' } }, storage);
  });
  const arraysOf = (name: string) => runPython<Arrays>('numeric', READ_ARRAYS, [path.join(run.folder, name)]);

  it('are the windows of training_arrays.npz, float64 and instants in microseconds', () => {
    const { x, y } = exampleWindows();
    const [first] = run.dataset.refTimes;
    expect(arraysOf('training_arrays.npz')).toEqual({
      i_array_3D: { dtype: '<f8', shape: [443, 13, 2], order: true, values: [...x] },
      o_array_3D: { dtype: '<f8', shape: [443, 13, 2], order: true, values: [...y] },
      utc_ref_log: {
        dtype: '<M8[us]',
        shape: [443],
        order: true,
        values: KEPT_REFERENCES.map((row) => Date.UTC(2024, 2, 30) * 1000 + row * 15 * 60e6),
      },
    });
    expect(first).toBe(Date.UTC(2024, 2, 30, 3) * 1000);
  });

  it('are the test windows of test_data.npz, scaled and not, with both forecasts', () => {
    const arrays = arraysOf('test_data.npz');
    const { x, y } = exampleWindows();
    const from = (SPLIT.train + SPLIT.validation) * STEPS * 2;
    expect(Object.keys(arrays)).toEqual(['X', 'y', 'X_orig', 'y_orig', 'y_pred', 'y_fcst', 'utc_ref']);
    for (const name of ['X', 'y', 'X_orig', 'y_orig', 'y_pred', 'y_fcst'])
      expect(arrays[name]).toMatchObject({ dtype: '<f8', shape: [44, 13, 2], order: true });
    expect(arrays['X_orig']!.values).toEqual([...x.subarray(from)]);
    expect(arrays['y_orig']!.values).toEqual([...y.subarray(from)]);
    // pipeline.md 21.6: A scaled by 0.0217391304 and −0.6521739130, B not at all here
    expect(arrays['X']!.values[0]).toBeCloseTo(75.319 * 0.0217391304 - 0.652173913, 8);
    expect(arrays['X']!.values[1]).toBe(-1.168);
    expect(arrays['utc_ref']).toMatchObject({ dtype: '<M8[us]', shape: [44] });
    expect(arrays['utc_ref']!.values[0]).toBe(Date.UTC(2024, 3, 3, 10) * 1000);
    // 21.2: forecasts in original units do not depend on the scaling
    expect(arrays['y_fcst']!.values[0]).toBeCloseTo(40.43828233, 6);
  });
});

describeWith('numeric')('scalers in scikit-learn', () => {
  let run: Exported;
  beforeAll(async () => {
    const fields = { A: { skalierungMin: -2, skalierungMax: 3 }, B: { skalierung: 'nein' }, D: { skalierungMin: 0.1, skalierungMax: 0.9 } };
    run = await exportRun([A, B, constant, C, D], fields, 'compact');
  });

  it.each(['pickle', 'joblib'])('are loaded by %s without a warning, and scale and unscale like the JSON', (loader) => {
    const differences = runPython<{ side: string; column: string; kind: string; worst: number }[]>(
      'numeric',
      `
import warnings; warnings.simplefilter("error")
import json, pickle, sys, joblib, numpy as np
folder, loader = sys.argv[1:]
document = json.load(open(f"{folder}/scalers.json"))
found = []
for side, name in (("input", "i"), ("output", "o")):
    file = f"{folder}/{name}_scale_${STAMP}.save"
    if loader == "joblib":
        scalers = joblib.load(file)
    else:
        with open(file, "rb") as opened: scalers = pickle.load(opened)
    assert [str(column) for column in scalers] == list(document[side])
    for column, scaler in scalers.items():
        wanted = document[side][str(column)]
        if wanted is None:
            found.append({"side": side, "column": str(column), "kind": str(scaler), "worst": 0.0}); continue
        low, width = wanted["data_min"], wanted["data_range"] or 1
        x = np.linspace(low - width, low + 2 * width, 1001).reshape(-1, 1)
        scaled = x * wanted["scale"] + wanted["min"]
        worst = max(abs(scaler.transform(x) - scaled).max(), abs(scaler.inverse_transform(scaled) - x).max())
        refitted = type(scaler)(feature_range=scaler.feature_range).fit([[low], [wanted["data_max"]]])
        worst = max(worst, abs(refitted.transform(x) - scaler.transform(x)).max())
        assert scaler.n_samples_seen_ == wanted["n_samples_seen"] and scaler.data_max_[0] == wanted["data_max"]
        found.append({"side": side, "column": str(column), "kind": type(scaler).__name__, "worst": float(worst)})
print(json.dumps(found))`,
      [run.folder, loader],
    );
    expect(differences.map(({ side, column, kind }) => `${side} ${column} ${kind}`)).toEqual([
      ...['input 0 MinMaxScaler', 'input 1 None', 'input 2 MinMaxScaler'],
      ...['output 0 MinMaxScaler', 'output 1 MinMaxScaler'],
    ]);
    for (const { worst } of differences) expect(worst).toBeLessThan(1e-12);
  });

  it('are loaded and used by the archive’s own script', () => {
    const program = `
import sys, json; sys.path.insert(0, sys.argv[1])
import numpy as np
from load_scalers import load, scale, unscale
inputs, outputs = load()
test = np.load(sys.argv[1] + "/test_data.npz")
print(json.dumps([float(abs(scale(inputs, test["X_orig"]) - test["X"]).max()), float(abs(scale(outputs, test["y_orig"]) - test["y"]).max()),
  float(abs(unscale(outputs, test["y_pred"]) - test["y_fcst"]).max())]))`;
    for (const difference of runPython<number[]>('numeric', program, [run.folder])) expect(difference).toBeLessThan(1e-12);
    const script = `import json, runpy, sys; runpy.run_path(sys.argv[1] + "/load_scalers.py", run_name="__main__"); print(json.dumps(True))`;
    expect(runPython<boolean>('numeric', script, [run.folder])).toBe(true);
  });
});

/** The whole way of a data scientist: arrays, scalers, a fit of his own, and the comparison with what was stored. */
const REFIT = `
import json, sys; sys.path.insert(0, sys.argv[1])
import numpy as np
from sklearn.linear_model import LinearRegression
from load_scalers import load, scale, unscale
folder, n_train = sys.argv[1], int(sys.argv[2])
inputs, outputs = load()
arrays, test, lin = np.load(folder + "/training_arrays.npz"), np.load(folder + "/test_data.npz"), json.load(open(folder + "/lin.json"))
rows = lambda a: a.reshape(-1, a.shape[-1])
x, y = rows(scale(inputs, arrays["i_array_3D"][:n_train])), rows(scale(outputs, arrays["o_array_3D"][:n_train]))
model = LinearRegression().fit(x, y)
ours = np.array([output["coefficients"] for output in lin["outputs"]])
relative = lambda a, b: float(abs(a - b).max() / abs(b).max())
forecast = model.predict(rows(test["X"])).reshape(test["y_pred"].shape)
print(json.dumps({"rank": [int(model.rank_)] + [output["rank"] for output in lin["outputs"]],
  "coefficients": relative(ours, model.coef_), "intercept": relative(np.array([o["intercept"] for o in lin["outputs"]]), model.intercept_),
  "forecast": relative(test["y_pred"], forecast), "original": relative(test["y_fcst"], unscale(outputs, forecast))}))
`;

describeWith('numeric')('LIN beside scikit-learn, on the exported rows', () => {
  it.each<[string, readonly Series[], number]>([
    ['of full rank', [A, B, C, D], 2],
    ['with a repeated and a constant column: coefficients of least norm', [A, copyOfA, B, constant, C, D], 2],
  ])('agrees %s', async (_, series, rank) => {
    const { folder } = await exportRun(series, { B: { skalierungMin: -1, skalierungMax: 1 } }, 'compact');
    const { rank: ranks, ...differences } = runPython<Record<string, number> & { rank: number[] }>('numeric', REFIT, [
      folder,
      String(SPLIT.train),
    ]);
    expect(ranks).toEqual([rank, rank, rank]);
    for (const [name, difference] of Object.entries(differences)) expect([name, difference < 1e-7]).toEqual([name, true]);
  });
});
