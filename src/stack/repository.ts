import path from 'node:path';

/** Root of the checkout: `dist/stack` and `src/stack` lie equally deep in it. */
const ROOT = path.resolve(__dirname, '..', '..');

export const inRepository = (...parts: string[]): string => path.join(ROOT, ...parts);
