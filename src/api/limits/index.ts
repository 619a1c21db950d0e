export { createPostgresBuckets } from './postgresBuckets';
export { SharedBuckets } from './sharedBuckets';
export type { BucketStore } from './sharedBuckets';
export { TokenBuckets } from './tokenBuckets';
export type { RateLimiter } from './types';
