/** Structured logs to stdout. Ids, sizes, timings and codes only: no token, body, file content or statistic. */
import pino from 'pino';

export type Logger = pino.Logger;

export const createLogger = (name: string, level: string = process.env['LOG_LEVEL'] ?? 'info'): Logger =>
  pino({ name, level, base: { name, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime });
