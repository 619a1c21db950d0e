export { civilDate, DAY_US, dayNumber, dayOfYear, daysInMonth, isLeapYear, weekday } from './civil';
export type { CivilDate } from './civil';
export { HOLIDAY_CALENDAR_EXAMPLES, holidaysOf, parseHolidayCalendar } from './holidays';
export { easterSunday } from './holidayTables';
export { timeFeatureNames, timeFeatures } from './timeFeatures';
export type { TimeFeature } from './timeFeatures';
export { createZone, isTimeZone } from './zone';
export type { Zone } from './zone';
