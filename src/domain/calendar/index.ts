export { civilDate, DAY_US, dayNumber, dayOfYear, daysInMonth, isLeapYear, weekday } from './civil';
export type { CivilDate } from './civil';
export { easterSunday, HOLIDAY_CALENDAR_EXAMPLES, holidaysOfYear, parseHolidayCalendar } from './holidays';
export type { HolidayCalendar } from './holidays';
export { timeFeatureNames, timeFeatures } from './timeFeatures';
export type { TimeFeature } from './timeFeatures';
export { createZone, isTimeZone } from './zone';
export type { Zone } from './zone';
