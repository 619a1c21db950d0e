import { RemainingTime } from '../../src/training/run/remainingTime';

describe('the remaining time of a training', () => {
  it('is unknown before the first step', () => {
    expect(new RemainingTime(0).seconds(10)).toBeNull();
  });

  it('follows the steps of the first epoch until it is over', () => {
    const remaining = new RemainingTime(0);
    remaining.reach(0.1, 100);
    remaining.reach(0.3, 104); // 20 s an epoch
    expect(remaining.seconds(2.7)).toBeCloseTo(54, 9);
  });

  it('forgets the slow beginning of a long first epoch', () => {
    const remaining = new RemainingTime(0);
    remaining.reach(0.01, 0);
    remaining.reach(0.02, 60); // loading
    for (let i = 1; i <= 40; i++) remaining.reach(0.02 + i * 0.01, 60 + i); // 100 s an epoch
    expect(remaining.seconds(1)).toBeCloseTo(100, 6);
  });

  it('is the mean of the last five epochs, validation included', () => {
    const remaining = new RemainingTime(0);
    for (const seconds of [100, 1, 2, 3, 4, 5]) remaining.finishEpoch(seconds);
    expect(remaining.seconds(10)).toBeCloseTo(30, 9);
  });

  it('does not take the rest of an epoch for a whole one', () => {
    const remaining = new RemainingTime(2.9); // another process did the rest
    remaining.reach(2.9, 0);
    remaining.reach(2.95, 1);
    remaining.finishEpoch(2);
    expect(remaining.seconds(1)).toBeCloseTo(20, 6);
    remaining.finishEpoch(25);
    expect(remaining.seconds(1)).toBe(25);
  });
});
