import type { Config } from '../config';

export type Buckets = Pick<Config, 'BUCKET_INPUT' | 'BUCKET_OUTPUT' | 'BUCKET_RESULTS' | 'BUCKET_MODELS' | 'BUCKET_CHUNKS'>;

/**
 * The configured name of a bucket named by SQL. Tables without a bucket column (chunks, datasets, results) hold objects of one bucket each,
 * whose configured name the database does not know: its triggers queue them under the default name.
 */
export const bucketNames =
  (buckets: Buckets) =>
  (queued: string): string => {
    if (queued === 'training-results') return buckets.BUCKET_RESULTS;
    if (queued === 'upload-chunks') return buckets.BUCKET_CHUNKS;
    return queued;
  };
