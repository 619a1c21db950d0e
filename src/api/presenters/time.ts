/** Server clock in answers: ISO-8601 with Z and milliseconds (http-api A.1). */
export const isoTime = (databaseTime: string): string => new Date(databaseTime).toISOString();
export const isoTimeOrNull = (databaseTime: string | null): string | null => (databaseTime === null ? null : isoTime(databaseTime));
