/** Path of a usable `temporal` program (PATH, then the user's cache); null when `npm run setup` has to bring one. */
export function findTemporal(env?: NodeJS.ProcessEnv): string | null;
export function ensureTemporal(): Promise<void>;
