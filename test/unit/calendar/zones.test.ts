import fc from 'fast-check';
import { createZone, timeFeatures } from '../../../src/domain/calendar';
import type { TimeGroup } from '../../../src/domain/settings';

/** European rules; American rules; half an hour; none, five and three quarter hours ahead; some years only; pausing in Ramadan; a day left out in 2011. */
const ZONES = [
  'Europe/Vienna',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Pacific/Apia',
];
const [FROM, TO] = [Date.UTC(2000, 0, 1) / 1000, Date.UTC(2041, 0, 1) / 1000];
const DAY = 86_400;

/** Wall clock that the runtime shows at a Unix second. */
function wallClock(timeZone: string): (second: number) => Date {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (second) => new Date(`${format.format(second * 1000).replace(', ', 'T')}Z`);
}

/** Unix seconds at which the offset changes, found by the day and then by bisection. */
function transitions(clock: (second: number) => Date): number[] {
  const offset = (second: number) => clock(second).getTime() / 1000 - second;
  const found: number[] = [];
  for (let day = FROM; day < TO; day += DAY) {
    let [low, high] = [day, day + DAY];
    const after = offset(high);
    if (offset(low) === after) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offset(middle) === after) high = middle;
      else low = middle;
    }
    found.push(high);
  }
  return found;
}

/** Share of the period gone by on a wall clock: pipeline.md 6.3, local mode. */
const FRACTION: Record<Exclude<TimeGroup, 'H'>, (wall: Date, secondOfDay: number) => number> = {
  Y: (wall, sod) => {
    const start = Date.UTC(wall.getUTCFullYear(), 0, 1);
    const length = (Date.UTC(wall.getUTCFullYear() + 1, 0, 1) - start) / 1000;
    const day = Math.floor((wall.getTime() - start) / (DAY * 1000));
    return (day * DAY + sod) / length;
  },
  M: (wall, sod) => {
    const days = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
    return ((wall.getUTCDate() - 1) * DAY + sod) / (days * DAY);
  },
  W: (wall, sod) => (((wall.getUTCDay() + 6) % 7) * DAY + sod) / (7 * DAY),
  D: (_, sod) => sod / DAY,
};
const GROUPS = Object.keys(FRACTION) as (keyof typeof FRACTION)[];

const columns = (timeZone: string) =>
  GROUPS.map((group) =>
    timeFeatures(
      { group, localTime: true, dataForm: 'current', horizonStartH: -1, horizonEndH: 0, scale: true, scaleMin: 0, scaleMax: 1 },
      timeZone,
    ),
  );

describe.each(ZONES)('local time in %s', (timeZone) => {
  const clock = wallClock(timeZone);
  const changes = transitions(clock);

  /** Largest difference between the columns and the formulas over the wall clock the runtime shows. */
  const difference = (features: ReturnType<typeof columns>, second: number, microsecond: number): number => {
    const wall = clock(second);
    const sod = wall.getUTCHours() * 3600 + wall.getUTCMinutes() * 60 + wall.getUTCSeconds();
    return Math.max(
      ...GROUPS.flatMap((group, index) => {
        const phase = FRACTION[group](wall, sod) * 2 * Math.PI;
        const [sine, cosine] = features[index]!.map(({ at }) => at(second * 1e6 + microsecond));
        return [Math.abs(sine! - Math.sin(phase)), Math.abs(cosine! - Math.cos(phase))];
      }),
    );
  };

  it('is what the runtime shows at any instant, asked in any order', () => {
    const features = columns(timeZone);
    fc.assert(
      fc.property(fc.integer({ min: FROM, max: TO }), fc.integer({ min: 0, max: 999_999 }), (second, microsecond) => {
        expect(difference(features, second, microsecond)).toBeLessThanOrEqual(1e-12);
      }),
      { numRuns: 500 },
    );
  });

  it('turns at the very second of every change from 2000 to 2040', () => {
    const features = columns(timeZone);
    const zone = createZone(timeZone);
    for (const change of changes) {
      for (const second of [-3601, -1801, -1, 0, 1, 1799, 3599, 3600].map((distance) => change + distance)) {
        expect([second, difference(features, second, 0) <= 1e-12]).toEqual([second, true]);
      }
      expect(zone.offsetAt(change * 1e6 - 1)).not.toBe(zone.offsetAt(change * 1e6));
    }
  });
});

it.each([
  ['Europe/Vienna', 82],
  ['America/New_York', 82],
  ['Asia/Kathmandu', 0],
])('%s changes its clocks %d times from 2000 to 2040', (timeZone, count) => {
  expect(transitions(wallClock(timeZone))).toHaveLength(count);
});
