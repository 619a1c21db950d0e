import {
  civilDate,
  createZone,
  dayNumber,
  easterSunday,
  holidaysOf,
  isTimeZone,
  parseHolidayCalendar,
  timeFeatures,
  weekday,
} from '../../../src/domain/calendar';
import type { TimeGroup, TimeGroupSettings } from '../../../src/domain/settings';

const utc = (text: string) => Date.parse(text.replace(' ', 'T') + 'Z') * 1000;
const group = (name: TimeGroup, localTime: boolean, holidayCalendar = 'AT'): TimeGroupSettings => ({
  group: name,
  localTime,
  dataForm: 'current',
  horizonStartH: -1,
  horizonEndH: 0,
  scale: true,
  scaleMin: 0,
  scaleMax: 1,
  holidayCalendar,
});
const values = (name: TimeGroup, localTime: boolean, instant: string, zone = 'Europe/Vienna') =>
  timeFeatures(group(name, localTime), zone).map(({ at }) => at(utc(instant)));

const FIRST = '2024-03-31 12:34:56';
const SECOND = '2023-12-31 23:30:00';

describe('time features (pipeline.md 6)', () => {
  it.each<[TimeGroup, [number, number], [number, number]]>([
    ['Y', [0.999754458119604, 0.022159049392469], [-0.008959475878991, 0.999959863090501]],
    ['M', [-0.26280703691911, 0.964848413661855], [-0.107308131656317, 0.994225811815621]],
    ['W', [-0.021773339447925, -0.999762932744201], [-0.416960782758917, -0.908924477413317]],
    ['D', [-0.151835877041006, -0.988405719552041], [-0.130526192224035, 0.991444861373286]],
  ])('UTC mode, group %s', (name, first, second) => {
    const found = [...values(name, false, FIRST), ...values(name, false, SECOND)];
    [...first, ...second].forEach((expected, index) => expect(Math.abs(found[index]! - expected)).toBeLessThan(1e-10));
  });

  it.each<[TimeGroup, [number, number], [number, number]]>([
    ['Y', [0.999882649374471, 0.015319513043451], [0.000357649429259, 0.999999936043441]],
    ['M', [-0.079450640583244, 0.996838801266741], [0.004222558222819, 0.999991084961289]],
    ['W', [-0.344986183861328, 0.938607763096384], [0.018698866430902, 0.999825160912746]],
    ['D', [-0.625696586505451, -0.780066523852567], [0.130526192220052, 0.99144486137381]],
  ])('local mode in Vienna, group %s', (name, first, second) => {
    const found = [...values(name, true, FIRST), ...values(name, true, SECOND)];
    [...first, ...second].forEach((expected, index) => expect(Math.abs(found[index]! - expected)).toBeLessThan(1e-12));
  });

  it('takes the holiday of the UTC date or of the local date', () => {
    expect([values('H', false, FIRST), values('H', true, FIRST)]).toEqual([[0], [0]]); // Easter Sunday is no listed day
    expect([values('H', false, SECOND), values('H', true, SECOND)]).toEqual([[0], [1]]); // already New Year in Vienna
  });

  it('reads the same values in any order of instants', () => {
    const [sine] = timeFeatures(group('D', true), 'Europe/Vienna');
    const instants = ['2024-10-27 00:59:59', '2024-03-31 01:00:00', '2024-03-31 00:59:59', '2024-10-27 01:00:00'].map(utc);
    const hours = [2 + 3599 / 3600, 3, 1 + 3599 / 3600, 2]; // wall clock around both clock changes
    instants.forEach((instant, index) => expect(sine!.at(instant)).toBeCloseTo(Math.sin((hours[index]! / 24) * 2 * Math.PI), 12));
  });

  it('names its columns after the group', () => {
    expect(timeFeatures(group('H', false), 'UTC').map(({ name }) => name)).toEqual(['Holiday']);
    expect(timeFeatures(group('W', false), 'UTC').map(({ name }) => name)).toEqual(['W_sin', 'W_cos']);
  });
});

describe('zones', () => {
  it.each([
    ['Europe/Vienna', '2024-03-31 00:59:59', 60],
    ['Europe/Vienna', '2024-03-31 01:00:00', 120],
    ['Australia/Lord_Howe', '2024-04-06 14:59:59', 660],
    ['Australia/Lord_Howe', '2024-04-06 15:00:00', 630],
    ['Asia/Shanghai', '2016-07-01 00:00:00', 480],
    ['America/St_Johns', '2024-01-01 12:00:00', -210],
  ])('%s at %s UTC is %d minutes ahead', (zone, instant, minutes) => {
    expect(createZone(zone).offsetAt(utc(instant)) / 60e6).toBe(minutes);
  });

  it('knows names, not offsets', () => {
    expect(['Europe/Vienna', 'UTC', 'Asia/Shanghai'].every(isTimeZone)).toBe(true);
    expect(['Europe/Wien', '+02:00', '', 'Mars/Base'].some(isTimeZone)).toBe(false);
  });
});

describe('calendar', () => {
  it('agrees with Date over four centuries', () => {
    const found: number[][] = [];
    const expected: number[][] = [];
    for (let day = dayNumber(1899, 12, 30); day < dayNumber(2300, 1, 3); day += 17) {
      const date = new Date(day * 86_400_000);
      const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      expected.push([year, month, dayOfMonth, day, (date.getUTCDay() + 6) % 7]);
      const civil = civilDate(day);
      found.push([civil.year, civil.month, civil.day, dayNumber(year, month, dayOfMonth), weekday(day)]);
    }
    expect(found).toEqual(expected);
  });

  it('finds the Easter Sundays 2020 to 2030', () => {
    const dates = Array.from({ length: 11 }, (_, index) => new Date(easterSunday(2020 + index) * 86_400_000).toISOString().slice(0, 10));
    expect(dates).toEqual([
      '2020-04-12',
      '2021-04-04',
      '2022-04-17',
      '2023-04-09',
      '2024-03-31',
      '2025-04-20',
      '2026-04-05',
      '2027-03-28',
      '2028-04-16',
      '2029-04-01',
      '2030-04-21',
    ]);
  });

  it.each([
    ['AT', 143],
    ['DE', 99],
    ['CH', 77],
  ] as const)('%s has %d holidays from 2020 to 2030', (calendar, expected) => {
    let count = 0;
    for (let year = 2020; year <= 2030; year++) count += holidaysOf(calendar)(year).size;
    expect(count).toBe(expected);
  });

  it('has Whit Monday 2024 on 20 May', () => {
    expect(holidaysOf('DE')(2024).has(dayNumber(2024, 5, 20))).toBe(true);
    expect(holidaysOf('DE')(2024).has(dayNumber(2024, 5, 21))).toBe(false);
  });

  it('reads German names and codes in any case, decomposed umlauts included', () => {
    expect([' österreich ', 'ÖSTERREICH', 'O\u0308sterreich', 'at'].map(parseHolidayCalendar)).toEqual(['AT', 'AT', 'AT', 'AT']);
    expect(['Deutschland', 'ch'].map(parseHolidayCalendar)).toEqual(['DE', 'CH']);
    expect(['Atlantis', 'constructor', ''].map(parseHolidayCalendar)).toEqual([null, null, null]);
  });
});
