import { datasetFeasibility, trainingFeasibility } from '../../../src/api/jobs/feasibility';
import { readTrainingSettings } from '../../../src/api/jobs/plan';
import { DEFAULT_LIMITS } from '../../../src/domain/dataset';
import type { DatasetRow } from '../../../src/store';
import { snapshotOf } from './rows';

const limits = { ...DEFAULT_LIMITS, maxModelParameters: 100_000_000, svrMaxRows: 20_000 };
const codes = (model_parameters: Record<string, unknown>, hours: number, steps?: [number, number]): string[] =>
  trainingFeasibility(snapshotOf({ hours, ...(steps && { steps }) }), readTrainingSettings({ model_parameters }), limits).map(
    ({ code }) => code,
  );

describe('feasibility before the start', () => {
  it('counts the candidates of the stored statistics: n hourly rows leave n − 2 windows of an hour before and after', () => {
    expect(datasetFeasibility(snapshotOf({ hours: 3 }), limits)).toEqual([]); // one window, at 01:00
    expect(datasetFeasibility(snapshotOf({ hours: 2 }), limits).map(({ code }) => code)).toEqual(['NO_WINDOWS']);
  });

  it('keeps to the bounds this installation was given', () => {
    const found = (change: Partial<typeof limits>) =>
      datasetFeasibility(snapshotOf({ hours: 12 }), { ...limits, ...change }).map(({ code }) => code);
    expect(found({ maxReferenceTimes: 11 })).toEqual(['TOO_MANY_REFERENCES']); // 12 hourly references
    expect(found({ maxArrayCells: 99 })).toEqual(['TOO_MANY_CELLS']); // 10 windows of 5 + 5 cells
    expect(found({ maxReferenceTimes: 12, maxArrayCells: 100 })).toEqual([]);
  });

  it('asks nothing of the statistics when the dataset exists already', () => {
    const snapshot = { ...snapshotOf({ hours: 2 }), dataset: { n_dat: 100 } as DatasetRow };
    expect(datasetFeasibility(snapshot, limits)).toEqual([]);
  });

  // 70/20/10 of 8 windows leaves the test part empty, of 7 none (pipeline.md 11)
  it('refuses a split with an empty part that the model needs', () => {
    expect(codes({ MODE: 'Dense' }, 10)).toEqual(['SPLIT_TOO_FEW']);
    expect(codes({ MODE: 'Dense' }, 9)).toEqual([]);
    // 2 windows: 1 for training, 0 for validation, 1 for the test; only a network needs the validation part
    expect(codes({ MODE: 'LIN' }, 4)).toEqual([]);
    expect(codes({ MODE: 'Dense' }, 4)).toEqual(['SPLIT_TOO_FEW']);
  });

  it('counts the weights of a network: 5 → 4096 sixteen times → 5 are more than a hundred million', () => {
    expect(codes({ MODE: 'Dense', LAY: 16, N: 4096 }, 200)).toEqual(['MODEL_TOO_LARGE']);
    expect(codes({ MODE: 'Dense', LAY: 2, N: 64 }, 200)).toEqual([]);
  });

  it('trains every mode there is', () => {
    for (const MODE of ['LIN', 'Linear', 'Dense', 'NN', 'CNN', 'LSTM', 'AR LSTM', 'SVR_dir', 'SVR_MIMO'])
      expect(codes({ MODE }, 200)).toEqual([]);
  });

  // 70 % of 5714 windows are 4000 for training, with 5 steps each exactly the cap of 20 000 rows; of 5716 they are 4001
  it('counts the rows of a support vector model, unless it draws some of them', () => {
    expect(codes({ MODE: 'SVR_dir' }, 5716)).toEqual([]);
    expect(codes({ MODE: 'SVR_dir' }, 5718)).toEqual(['SVR_TOO_MANY_ROWS']);
    expect(codes({ MODE: 'SVR_MIMO', svr_subsample: 20_000 }, 5718)).toEqual([]);
    expect(codes({ MODE: 'LIN' }, 5718)).toEqual([]);
  });
});
