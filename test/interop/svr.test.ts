import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fitSvr, predictSvr, runToEnd } from '../../src/domain/models';
import type { SvrModelDocument } from '../../src/domain/models';
import { describeWith, runPython } from '../support/python';
import { removeTemporaryFolders, temporaryFolder } from '../training/support';
import { KERNELS, OPTIONS, sourceOf, surface } from '../unit/models/svr/support';

jest.setTimeout(180_000);
afterAll(removeTemporaryFolders);

const { x, y } = surface(500, 4);
const grid = surface(100, 4, 2).x;
const TOLERANCE = 1e-5;
const models = Object.fromEntries(
  KERNELS.map((kernel) => [kernel, runToEnd(fitSvr(sourceOf(x, y), { ...OPTIONS, kernel, tolerance: TOLERANCE }))]),
) as Record<(typeof KERNELS)[number], SvrModelDocument>;
const forecast = (model: SvrModelDocument) => predictSvr(model, Float64Array.from(grid.flat()), grid.length);

/** Largest difference in units of the largest value. */
function difference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(theirs).toHaveLength(ours.length);
  const size = Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((value, i) => Math.abs(value - ours[i]!))) / size;
}

const SCIKIT_LEARN = `
import json, sys
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
given = json.load(open(sys.argv[1]))
x, y, grid = (np.array(given[key]) for key in ('x', 'y', 'grid'))
result = {}
for kernel in given['kernels']:
    pipes = [make_pipeline(StandardScaler(), SVR(kernel=kernel, C=1, epsilon=0.1, tol=1e-5)).fit(x, column) for column in y.T]
    result[kernel] = {
        'forecast': np.stack([pipe.predict(grid) for pipe in pipes], axis=1).ravel().tolist(),
        'outputs': [{'bias': float(pipe[-1].intercept_[0]), 'gamma': float(pipe[-1]._gamma), 'support': int(pipe[-1].n_support_.sum()),
                     'sum': float(np.abs(pipe[-1].dual_coef_).sum())} for pipe in pipes],
        'means': pipes[0][0].mean_.tolist(), 'deviations': pipes[0][0].scale_.tolist(),
    }
print(json.dumps(result))`;

describeWith('numeric')('scikit-learn on the same rows', () => {
  interface Theirs {
    forecast: number[];
    outputs: { bias: number; gamma: number; support: number; sum: number }[];
    means: number[];
    deviations: number[];
  }
  let theirs: Record<string, Theirs>;
  beforeAll(() => {
    const file = path.join(temporaryFolder('svr'), 'rows.json');
    fs.writeFileSync(file, JSON.stringify({ x, y, grid, kernels: KERNELS }));
    theirs = runPython('numeric', SCIKIT_LEARN, [file]);
  });

  // the sigmoid kernel is not positive: its problem has several local optima, and each solver finds its own
  it.each(KERNELS.filter((kernel) => kernel !== 'sigmoid'))('forecasts the same with the %s kernel', (kernel) => {
    const model = models[kernel];
    const { forecast: wanted, outputs, means, deviations } = theirs[kernel]!;
    expect(difference(forecast(model), wanted)).toBeLessThan(1e-3);
    expect(difference(model.standardisation.means, means)).toBeLessThan(1e-12);
    expect(difference(model.standardisation.deviations, deviations)).toBeLessThan(1e-12);
    outputs.forEach(({ bias, gamma, support, sum }, j) => {
      const output = model.outputs[j]!;
      expect(Math.abs(output.bias - bias)).toBeLessThan(1e-3);
      expect(output.gamma).toBeCloseTo(gamma, 10);
      expect(Math.abs(output.support_vectors.length / support - 1)).toBeLessThan(0.03);
      expect(Math.abs(output.dual_coefficients.reduce((total, beta) => total + Math.abs(beta), 0) / sum - 1)).toBeLessThan(1e-3);
    });
  });

  it('standardises and scales the sigmoid kernel alike', () => {
    expect(models.sigmoid.outputs[0]!.gamma).toBeCloseTo(theirs['sigmoid']!.outputs[0]!.gamma, 10);
    const ours = models.sigmoid.outputs[0]!;
    expect(Math.abs(ours.support_vectors.length / theirs['sigmoid']!.outputs[0]!.support - 1)).toBeLessThan(0.05);
  });
});

const installed = spawnSync('svm-train', [], { stdio: 'ignore' }).error === undefined;

(installed ? describe : describe.skip)('svm-train of LIBSVM on the same standardised rows', () => {
  const CODES = { linear: 0, poly: 1, rbf: 2, sigmoid: 3 };

  it.each(['linear', 'poly', 'rbf'] as const)('forecasts the same with the %s kernel', (kernel) => {
    const folder = temporaryFolder('libsvm');
    const file = (name: string) => path.join(folder, name);
    const { standardisation, outputs } = models[kernel];
    const { means, deviations } = standardisation;
    const line = (row: number[], target: number) =>
      [target, ...row.map((value, f) => `${f + 1}:${(value - means[f]!) / deviations[f]!}`)].join(' ');
    const all: number[][] = outputs.map((output, j) => {
      fs.writeFileSync(file('train'), x.map((row, t) => line(row, y[t]![j]!)).join('\n') + '\n');
      fs.writeFileSync(file('grid'), grid.map((row) => line(row, 0)).join('\n') + '\n');
      const options = ['-q', '-s', '3', '-t', CODES[kernel], '-c', 1, '-p', 0.1, '-e', TOLERANCE, '-g', output.gamma, '-d', 3, '-r', 0];
      execFileSync('svm-train', [...options.map(String), file('train'), file('model')]);
      execFileSync('svm-predict', [file('grid'), file('model'), file('forecast')]);
      return fs.readFileSync(file('forecast'), 'utf8').trim().split('\n').map(Number);
    });
    const theirs = grid.flatMap((_, t) => all.map((column) => column[t]!));
    expect(difference(forecast(models[kernel]), theirs)).toBeLessThan(1e-3);
  });
});
