import {
  civilDate,
  easterSunday,
  holidaysOf,
  HOLIDAY_CALENDAR_EXAMPLES,
  parseHolidayCalendar,
  timeFeatures,
} from '../../../src/domain/calendar';
import { libraryHolidays } from '../../../src/domain/calendar/holidayLibrary';

const dates = (calendar: string, year: number) =>
  [...holidaysOf(calendar)(year)]
    .sort((a, b) => a - b)
    .map((day) => {
      const date = civilDate(day);
      return [date.year, date.month, date.day].map((part) => String(part).padStart(2, '0')).join('-');
    });

describe('names of holiday calendars (pipeline.md 7)', () => {
  it.each([
    ['de-by', 'DE-BY'],
    [' CH-ZH ', 'CH-ZH'],
    ['at-9', 'AT-9'],
    ['It', 'IT'],
    ['GB-ENG', 'GB-ENG'],
    ['HR-17', 'HR-17'],
    ['Schweiz', 'CH'],
  ])('%j is the calendar %s', (text, calendar) => expect(parseHolidayCalendar(text)).toBe(calendar));

  it.each(['DE-XX', 'DE-', 'ZZ', 'DE-BY-A', 'Bayern', 'Italien', 'CONSTRUCTOR', 'DE-constructor', '__proto__', 'DE BY', '-'])(
    '%j is unknown',
    (text) => expect(parseHolidayCalendar(text)).toBeNull(),
  );

  it('knows every example it gives', () => expect(HOLIDAY_CALENDAR_EXAMPLES.map(parseHolidayCalendar)).not.toContain(null));
});

describe('holidays by the library', () => {
  it('has the twelve holidays of Bavaria', () => {
    expect(dates('DE-BY', 2024)).toEqual([
      '2024-01-01',
      '2024-01-06',
      '2024-03-29',
      '2024-04-01',
      '2024-05-01',
      '2024-05-09',
      '2024-05-20',
      '2024-05-30',
      '2024-10-03',
      '2024-11-01',
      '2024-12-25',
      '2024-12-26',
    ]);
  });

  it('keeps the table for a country that has one', () => {
    expect(dates('DE', 2024)).toHaveLength(9);
    expect(dates('CH', 2024)).not.toContain('2024-01-02');
  });

  it('leaves out hours off: the afternoon of 1 May in Solothurn', () => {
    expect(dates('CH-SO', 2024)).not.toContain('2024-05-01');
    expect(dates('CH-ZH', 2024)).toContain('2024-05-01');
  });

  it('counts a day that the clocks make 23 hours long: Easter Sunday 2024 in Poland', () => {
    expect(dates('PL', 2024)).toContain('2024-03-31');
  });

  it('counts a substitute for a holiday at the weekend, and the day itself', () => {
    expect(dates('GB-ENG', 2022)).toEqual(expect.arrayContaining(['2022-01-01', '2022-01-03', '2022-12-25', '2022-12-26', '2022-12-27']));
    expect(dates('US', 2021)).toEqual(expect.arrayContaining(['2021-12-31'])); // for Saturday, 1 January 2022
  });

  it('counts every date of an event of several days, by the civil date it is kept on', () => {
    const shawwal = dates('AE', 2024).filter((date) => date.startsWith('2024-04'));
    expect(shawwal).toEqual(['2024-04-10', '2024-04-11', '2024-04-12']);
    expect(dates('IL', 2024)).toContain('2024-04-23'); // 15 Nisan 5784
  });

  it('carries an event over New Year into the next year', () => {
    expect(dates('SZ', 2024).slice(0, 2)).toEqual(['2024-01-01', '2024-01-02']); // incwala of 28 December 2023, six days
    expect(dates('SZ', 2023).at(-1)).toBe('2023-12-31');
  });

  it('has no holidays where its calendars end', () => {
    expect([dates('CN', 1), dates('IR', 500), dates('DE-BY', 2300)]).toEqual([[], [], []]);
  });

  it('makes the column Holiday of a region, by UTC or local date', () => {
    const group = {
      group: 'H',
      dataForm: 'current',
      horizonStartH: -1,
      horizonEndH: 0,
      scale: true,
      scaleMin: 0,
      scaleMax: 1,
      holidayCalendar: 'DE-BY',
    } as const;
    const eveOfEpiphany = Date.UTC(2025, 0, 5, 23, 30) * 1000; // 6 January, 00:30, in Munich
    const value = (localTime: boolean) => timeFeatures({ ...group, localTime }, 'Europe/Berlin')[0]!.at(eveOfEpiphany);
    expect([value(false), value(true)]).toEqual([0, 1]);
  });
});

describe('the tables', () => {
  it.each([
    ['AT', 2000, 2060],
    ['DE', 2018, 2060], // the jubilee of the Reformation was a holiday everywhere in 2017
  ])('of %s are the days the library lists from %d to %d', (country, from, to) => {
    const library = libraryHolidays(country);
    for (let year = from; year <= to; year++) expect([...holidaysOf(country)(year)].sort()).toEqual([...library(year)].sort());
  });

  it('find Easter where the library finds it, in every year of two centuries', () => {
    const poland = libraryHolidays('PL');
    for (let year = 1919; year <= 2119; year++) expect([year, poland(year).has(easterSunday(year))]).toEqual([year, true]);
  });
});
