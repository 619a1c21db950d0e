import type { Config } from '../../config';
import type { RateLimiter } from '../limits';
import type { Context, Guard } from '../types';

type Bucket = 'upload' | 'poll' | 'read' | 'write' | 'heavy' | 'anonymous';

/** Requests per minute (http-api A.10). */
export const RATE_LIMITS: Record<Bucket, (config: Config) => number> = {
  upload: (config) => config.RATE_LIMIT_UPLOAD,
  poll: (config) => config.RATE_LIMIT_POLL,
  read: (config) => config.RATE_LIMIT_READ,
  write: (config) => config.RATE_LIMIT_WRITE,
  heavy: (config) => config.RATE_LIMIT_HEAVY,
  anonymous: (config) => config.RATE_LIMIT_ANONYMOUS,
};

/** Routes that are not simply `read` or `write`, by the first path segment behind /api/training. */
const BUCKET: Record<string, Bucket> = {
  'upload-chunk': 'upload',
  status: 'poll',
  'session-status': 'poll',
  'results-summary': 'poll',
  'generate-datasets': 'heavy',
  'train-models': 'heavy',
  'generate-plot': 'heavy',
  'save-model': 'heavy',
  predict: 'heavy',
  'download-model-h5': 'heavy',
  'download-arrays': 'heavy',
};

/** User-based rate limit. */
export function rateLimit(config: Config, limiter: RateLimiter): Guard {
  return async (ctx, next) => {
    const bucket = bucketOf(ctx);
    await limiter.take(`${bucket}:${ctx.state.user.id}`, RATE_LIMITS[bucket](config));
    await next();
  };
}

function bucketOf(ctx: Context): Bucket {
  const [segment = '', , action] = ctx.path.split('/').slice(3); // behind /api/training
  const named = BUCKET[segment];
  if (named) return named;
  if (action === 'download' || ctx.query['include'] === 'arrays') return 'heavy';
  return ctx.method === 'GET' || ctx.method === 'HEAD' ? 'read' : 'write';
}
