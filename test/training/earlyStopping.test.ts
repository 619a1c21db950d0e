import { judgeEpoch, notStarted } from '../../src/training/fit';

/** Runs early stopping over validation losses; returns where it ended. */
function follow(losses: readonly number[]): { stoppedAfter: number | null; bestEpoch: number; bestLoss: number | null; kept: number[] } {
  let state = notStarted();
  const kept: number[] = [];
  for (const [i, loss] of losses.entries()) {
    const verdict = judgeEpoch(state, i + 1, loss);
    state = verdict.state;
    if (verdict.keepWeights) kept.push(i + 1);
    if (verdict.stop) return { stoppedAfter: i + 1, bestEpoch: state.bestEpoch, bestLoss: state.bestLoss, kept };
  }
  return { stoppedAfter: null, bestEpoch: state.bestEpoch, bestLoss: state.bestLoss, kept };
}

describe('early stopping', () => {
  it('ends after two epochs without improvement and keeps the best before them', () => {
    expect(follow([5, 4, 3, 3.5, 3.2, 1])).toEqual({ stoppedAfter: 5, bestEpoch: 3, bestLoss: 3, kept: [1, 2, 3] });
  });

  it('starts waiting anew after an improvement', () => {
    expect(follow([5, 6, 4, 4.5, 3, 3.5, 3.4])).toEqual({ stoppedAfter: 7, bestEpoch: 5, bestLoss: 3, kept: [1, 3, 5] });
  });

  it('does not count an equal loss as an improvement', () => {
    expect(follow([2, 2, 2])).toMatchObject({ stoppedAfter: 3, bestEpoch: 1 });
  });

  it('keeps the weights of the first epoch even when its loss is no number, and stops after the second', () => {
    expect(follow([NaN, NaN, NaN])).toEqual({ stoppedAfter: 2, bestEpoch: 1, bestLoss: null, kept: [1] });
  });

  it('lets a finite loss win over an earlier one that was no number', () => {
    expect(follow([NaN, 7, 6])).toEqual({ stoppedAfter: null, bestEpoch: 3, bestLoss: 6, kept: [1, 2, 3] });
  });
});
