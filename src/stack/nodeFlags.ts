/**
 * Flags of the processes that pass uploads on. Each block read from a socket is a buffer outside the heap, and the young generation begins
 * with 1 MiB: the buffers outlive it, count as old, and a full collection follows every 5 MB. With 16 MiB (V8's own upper bound) they die
 * young: half the processor time of an upload (docs/performance.md).
 */
export const STREAMING_FLAGS: readonly string[] = ['--min-semi-space-size=16'];
