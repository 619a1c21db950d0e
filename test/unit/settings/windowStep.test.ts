import { windowOffset, windowStepMin } from '../../../src/domain/settings';

const horizon = (horizonStartH: number, horizonEndH: number) => ({
  role: 'input' as const,
  dataForm: 'historical' as const,
  horizonStartH,
  horizonEndH,
});
const config = (inputSteps: number, referenceOffsetMin = 0) => ({ inputSteps, outputSteps: 2, referenceStepMin: 15, referenceOffsetMin });

describe('step of the transferred data (pipeline.md 5.2)', () => {
  it.each([
    [13, -24, 0, 0, 120, 'var'],
    [13, -1, 0, 0, 5, 0],
    [13, 0, 1.5, 7, 7.5, 7],
    [13, 0.5, 2.5, 7, 10, 7],
    [13, 1.25, 3.25, 0, 10, 5],
    [13, 1.25, 3.25, 7, 10, 2],
    [97, -24, 0, 0, 15, 0],
    [4, 0.25, 1.25, 0, 20, 5],
    [8, -1, 0, 0, 8.571428571428571, 0],
  ])('%d points over (%d, %d) h with offset %d: step %d, offset %s', (count, start, end, offset, step, phase) => {
    expect(windowStepMin(horizon(start, end), config(count, offset))).toBe(step);
    expect(windowOffset(horizon(start, end), config(count, offset))).toBe(phase);
  });

  it('has no step for a current value or a single point', () => {
    expect(windowStepMin({ ...horizon(-1, 0), dataForm: 'currentValue' }, config(13))).toBeNull();
    expect(windowOffset(horizon(-1, 0), config(1))).toBeNull();
  });

  it('takes the output count for outputs', () => {
    expect(windowStepMin({ ...horizon(0, 1), role: 'output' }, config(13))).toBe(60);
  });
});
