/** Parts of the stack in the order in which they start. */
export const PARTS = ['postgres', 'supabase', 'temporal', 'pipeline', 'training', 'api'] as const;
export type Part = (typeof PARTS)[number];

export interface StackOptions {
  /** folder that holds all state; default: LASTGANG_STATE, else `.lastgang` in the current folder */
  stateDir?: string;
  /** only these parts (and what they need, unless it is given by address); default: all */
  parts?: readonly Part[];
  /** settings (http-api.md F) and addresses of parts that are given instead; default: the process's environment */
  env?: NodeJS.ProcessEnv;
  /** receives every line the parts print; default: `stack.log` in the state folder */
  onLine?: (part: Part | 'stack', line: string) => void;
  /** ends a start that is under way and stops what it has started */
  signal?: AbortSignal;
}

/** Content of `endpoints.json`: all a client needs. A part that was not started and not given is null. */
export interface Endpoints {
  api: string | null;
  supabase: { url: string; publishableKey: string; serviceRoleKey: string } | null;
  temporal: { address: string; ui: string | null; namespace: string } | null;
  databaseUrl: string | null;
}

export interface Stack {
  readonly stateDir: string;
  readonly endpoints: Endpoints;
  /** path of endpoints.json */
  readonly endpointsFile: string;
  /** process ids of the parts that run now */
  pids(): Partial<Record<Part, number>>;
  /** stops one part and starts it again; resolves when it is ready */
  restart(part: Part): Promise<void>;
  /** stops everything in order; repeatable, never throws */
  stop(): Promise<void>;
}

/** A failure the user can do something about: one sentence, shown without stack trace. */
export class StackError extends Error {
  override name = 'StackError';
}
