import { formatUtc, runningStatistics, statistics, statisticsText } from '../../../src/domain/series';

const START = Date.parse('2024-01-01T00:00:00Z') * 1000;
const MINUTE = 60e6;
const series = (startMin: number, stepMin: number, count: number, drop?: number) => {
  const indices = Array.from({ length: count }, (_, i) => i).filter((i) => i !== drop);
  return {
    times: Float64Array.from(indices, (i) => START + (startMin + i * stepMin) * MINUTE),
    values: Float64Array.from(indices, (i) => i),
  };
};

describe('series statistics (pipeline.md 3)', () => {
  it('takes the mean step of nine rows over ten places as 16.875 minutes', () => {
    expect(statistics(series(0, 15, 10, 4))).toMatchObject({ meanStepMin: 16.875, smallestStepMin: 15, rowCount: 9, rowOffset: 'var' });
  });

  it.each([1, 3, 100])('are the same when taken %d rows at a time, while the columns grow', (part) => {
    const { times, values } = series(5, 15, 100, 41);
    values.set([NaN, -7, NaN, 500], 30);
    const running = runningStatistics();
    for (let count = 0; count < times.length; count = Math.min(count + part, times.length))
      running.take({ times: times.slice(0, count + 2), values: values.slice(0, count + 2), count });
    expect(running.result({ times, values, count: times.length })).toEqual(statistics({ times, values }));
    expect(statistics({ times, values })).toMatchObject({ min: -7, max: 500, numericCount: 97, smallestStepMin: 15 });
  });

  it.each([
    [7, 15, 7],
    [50, 20, 10],
    [5.5, 1, 0.5],
    [0, 7, 'var'],
    [0, 120, 'var'],
  ])('rows from minute %d every %d minutes have the offset %s', (start, step, expected) => {
    expect(statistics(series(start, step, 10)).rowOffset).toBe(expected);
  });

  it('gives the mean step of a real file with 90 077 rows', () => {
    const times = new Float64Array(90_077);
    const first = Date.parse('2021-12-31T23:00:00Z') * 1000;
    times.forEach((_, i) => (times[i] = first + i * 1e6));
    times[90_076] = Date.parse('2022-07-13T09:30:00Z') * 1000;
    expect(statistics({ times, values: times }).meanStepMin).toBe(3.092388649584795);
  });

  it('skips missing values', () => {
    const { times } = series(0, 15, 3);
    expect(statistics({ times, values: Float64Array.of(NaN, -2, 5) })).toMatchObject({
      numericCount: 2,
      numericShare: 66.67,
      min: -2,
      max: 5,
    });
    expect(statistics({ times, values: Float64Array.of(NaN, NaN, NaN) })).toMatchObject({
      numericCount: 0,
      numericShare: 0,
      min: null,
      max: null,
    });
  });

  it('writes the text columns of the database', () => {
    expect(statisticsText(statistics(series(7, 15, 4)))).toEqual({
      utc_min: '2024-01-01 00:07:00',
      utc_max: '2024-01-01 00:52:00',
      zeitschrittweite: '15',
      zeitschrittweite_mittelwert: '15',
      zeitschrittweite_min: '15',
      min: '0',
      max: '3',
      offset: '7',
      datenpunkte: '4',
      numerische_datenpunkte: '4',
      numerischer_anteil: '100',
    });
  });

  it.each([
    [0, '1970-01-01 00:00:00'],
    [1_500_000, '1970-01-01 00:00:01.5'],
    [-1, '1969-12-31 23:59:59.999999'],
    [Date.parse('2024-02-29T23:59:59Z') * 1000, '2024-02-29 23:59:59'],
    [Date.parse('0001-01-01T00:00:00Z') * 1000, '0001-01-01 00:00:00'],
  ])('formats %d µs as %s', (time, expected) => expect(formatUtc(time)).toBe(expected));
});
