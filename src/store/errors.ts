/** Supabase or PostgreSQL could not be reached or was too slow; the same call may succeed later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(
    /** 'database' | 'storage': decides between DATABASE_UNAVAILABLE and STORAGE_UNAVAILABLE */
    readonly part: 'database' | 'storage',
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${part} unavailable: ${reason}`, options);
  }
}

/** The store refused the call. `code` is the SQLSTATE (or PostgREST / storage code), `status` the HTTP status it came with. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Whether a row could not be written because its session, found a moment ago, has been deleted since. For the service that is a missing
 * parent; for a user, row level security refuses rows of sessions that are not his (a missing grant reads "permission denied").
 */
export const isOfDeletedSession = ({ code, message }: StoreError): boolean =>
  code === FOREIGN_KEY_VIOLATION || (code === INSUFFICIENT_PRIVILEGE && message.includes('row-level security'));

/** SQLSTATE classes that say "not now": connection, resources, operator intervention, deadlock or serialisation. */
const TRANSIENT = /^(08|40|53|57|58)/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

interface Refusal {
  code?: string | undefined;
  message: string;
}

/** The error to throw for an unsuccessful PostgREST answer; status 0 means that no answer came. */
export function databaseFailure(error: Refusal, status: number): StoreUnavailable | StoreError {
  const code = error.code ?? '';
  const answered = SQLSTATE.test(code) && !TRANSIENT.test(code);
  // PGRST0xx: PostgREST itself has no connection or no schema cache yet
  if (!answered && (status === 0 || status >= 500 || TRANSIENT.test(code) || code.startsWith('PGRST0'))) {
    return new StoreUnavailable('database', code || `status ${status}`, { cause: new Error(error.message) });
  }
  return new StoreError(code, status, error.message);
}

/** The error to throw for an unsuccessful storage answer. */
export function storageFailure(message: string, status: number): StoreUnavailable | StoreError {
  return status === 0 || status >= 500
    ? new StoreUnavailable('storage', `status ${status}`, { cause: new Error(message) })
    : new StoreError(String(status), status, message);
}
