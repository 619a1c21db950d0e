import { replaceRequest } from '../lite';
import type { Middleware } from '../lite';

const UNITS: Record<string, number> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };

/** "1MB" → 1048576; null for anything else */
function bytesOf(text: string): number | null {
  const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)?$/i.exec(text) ?? [];
  return amount === undefined ? null : Math.floor(Number(amount) * (UNITS[unit.toUpperCase()] ?? 1));
}

/** Size limits of buckets may be given as text, and settings that are null or unknown to lite are left out. */
export const bucketSettings: Middleware = async (context, next) => {
  const { method, path } = context.req;
  if (!/^\/storage\/v1\/bucket(\/[^/]+)?$/.test(path) || (method !== 'POST' && method !== 'PUT')) return next();
  const given = await context.req.json<Record<string, unknown>>().catch((): Record<string, unknown> => ({}));
  const limit = given['file_size_limit'];
  if (typeof limit === 'string') given['file_size_limit'] = bytesOf(limit) ?? limit;
  const settings = Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== null && name !== 'type'));
  replaceRequest(context, { body: JSON.stringify(settings) });
  return next();
};
