const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;

/** Hours (decimals allowed) as whole µs. */
export const hoursUs = (hours: number): number => Math.round(hours * HOUR_US);

/** Minutes (decimals allowed) as whole µs. */
export const minutesUs = (minutes: number): number => Math.round(minutes * MINUTE_US);

export { HOUR_US, MINUTE_US };
