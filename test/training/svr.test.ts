import fs from 'node:fs';
import { fitSvr, predictSvr, runToEnd, windowRows } from '../../src/domain/models';
import type { SvrModelDocument } from '../../src/domain/models';
import { runTraining, TrainingCancelled } from '../../src/training';
import type { ChildMessage, TrainingOutput, TrainingSpec } from '../../src/training';
import { scaledRows } from '../../src/training/run/windowSamples';
import { LIMITS, ofType, readForecast, removeTemporaryFolders, specFor, storeDataset, svr } from './support';

jest.setTimeout(60_000);
const STEPS = 12;
const data = storeDataset(400); // 389 windows: 272 for training, 78, 39
const many = storeDataset(2_400); // 2389 windows, 1672 for training
afterAll(removeTemporaryFolders);

async function train(spec: TrainingSpec, signal = new AbortController().signal, heard?: (message: ChildMessage) => void) {
  const messages: ChildMessage[] = [];
  const output = await runTraining(spec, {
    signal,
    onMessage(message) {
      messages.push(message);
      heard?.(message);
    },
  });
  return { output, messages };
}

const documentOf = ({ models }: TrainingOutput) => JSON.parse(fs.readFileSync(models[0]!.path, 'utf8')) as SvrModelDocument;

describe('training a support vector model', () => {
  it('leaves the model of the same rows, its forecasts, and what the result tells of it', async () => {
    const { output } = await train(specFor(data, svr()));
    const windows = (from: number, count: number) => Int32Array.from({ length: count }, (_, i) => from + i);
    const { scalers, nTrain, nVal, nTest } = output;
    const rows = windowRows(data.dataset, windows(0, nTrain), scalers);
    const model = runToEnd(fitSvr(rows, { kernel: 'rbf', c: 1, epsilon: 0.01, subsample: null, seed: 42 }));
    expect(documentOf(output)).toEqual(model);
    expect(output.models.map(({ filename, format }) => [filename, format])).toEqual([['svr_default_20240131_120500.json', 'json']]);
    const heldOut = windows(nTrain, nVal + nTest);
    const x = scaledRows({ dataset: data.dataset, scalers, train: heldOut, validation: heldOut, test: heldOut }, heldOut);
    expect(readForecast(output)).toEqual(predictSvr(model, x, heldOut.length * STEPS));
    expect(output.training).toMatchObject({
      rows_total: nTrain * STEPS,
      rows_used: nTrain * STEPS,
      seed: 42,
      support_vectors: [model.outputs[0]!.support_vectors.length],
    });
    expect([output.backend.name, output.warnings]).toEqual(['none', []]);
  });

  it('learns from a subsample on demand, and says so', async () => {
    const { output } = await train(specFor(data, svr({ subsample: 500 })));
    expect(output.training).toMatchObject({ rows_total: 272 * STEPS, rows_used: 500, seed: 42 });
    expect(output.warnings).toMatchObject([
      {
        code: 'SVR_SUBSAMPLED',
        message: expect.stringContaining('500 of 3264') as string,
        context: { rows_total: 3264, rows_used: 500, seed: 42 },
      },
    ]);
  });

  it('refuses more rows than this installation allows', async () => {
    const refused = train(specFor(data, svr(), { limits: { ...LIMITS, svrMaxRows: 3263 } }));
    await expect(refused).rejects.toMatchObject({
      code: 'NOT_FEASIBLE',
      context: { findings: [{ code: 'SVR_TOO_MANY_ROWS', context: { rows: 3264, cap: 3263 } }] },
    });
    await expect(train(specFor(data, svr(), { limits: { ...LIMITS, svrMaxRows: 3264 } }))).resolves.toBeDefined();
  });

  it('tells begin, course and end, in order', async () => {
    const { messages } = await train(specFor(many, svr({ c: 1000, epsilon: 1e-4 }), { limits: { ...LIMITS, svrMaxRows: 30_000 } }));
    const course = ofType(messages, 'progress');
    const fractions = course.filter(({ stage }) => stage === 'training').map(({ fraction }) => fraction);
    expect([fractions[0], fractions.at(-1)]).toEqual([0, 1]);
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect([...new Set(course.map(({ stage }) => stage))]).toEqual(['loading', 'training', 'predicting', 'saving']);
  });

  it('stops in the middle of the solver when it is cancelled', async () => {
    const controller = new AbortController();
    let asked = 0;
    const spec = specFor(many, svr({ c: 1e6, epsilon: 0, kernel: 'poly' }), { limits: { ...LIMITS, svrMaxRows: 30_000 } });
    const run = train(spec, controller.signal, (message) => {
      if (asked > 0 || message.type !== 'progress' || message.stage !== 'training' || message.fraction === 0) return;
      asked = performance.now();
      controller.abort();
    });
    await expect(run).rejects.toBeInstanceOf(TrainingCancelled);
    expect(asked).toBeGreaterThan(0);
    expect(performance.now() - asked).toBeLessThan(1_400); // by its own will: it is killed after 1.5 s
  });
});
