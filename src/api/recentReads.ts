import { LRUCache } from 'lru-cache';
import type { UserStore } from '../store';

/** Reads that polling repeats. */
export type RecentStore = Pick<UserStore, 'resolveSession' | 'progress'>;

const REMEMBERED_MS = 500;
const MAX_USERS = 10_000;
const MAX_READS_OF_USER = 200;

type Load = () => Promise<unknown>;
type Reads = LRUCache<string, { value: unknown }, Load>;

/**
 * What users have just read, kept for half a second, with one query in flight for each question: hundreds of clients that poll one job
 * cost the database two queries a second. A write of the same user forgets all of it, so nobody misses what he has just done himself.
 */
export class RecentReads {
  private readonly users = new LRUCache<string, Reads>({ max: MAX_USERS });

  /** @param mine answers what is not remembered */
  of(userId: string, mine: RecentStore): RecentStore {
    return {
      resolveSession: (key) => this.read(userId, `session:${key}`, () => mine.resolveSession(key)),
      progress: (sessionId) => this.read(userId, `progress:${sessionId}`, () => mine.progress(sessionId)),
    };
  }

  /** Queries under way are still answered to those who wait for them, and to nobody else. */
  forget(userId: string): void {
    this.users.delete(userId);
  }

  private async read<T>(userId: string, question: string, load: () => Promise<T>): Promise<T> {
    const reads = this.users.get(userId) ?? this.begin(userId);
    const read = await reads.forceFetch(question, { context: load });
    return read.value as T;
  }

  private begin(userId: string): Reads {
    const reads: Reads = new LRUCache<string, { value: unknown }, Load>({
      max: MAX_READS_OF_USER,
      ttl: REMEMBERED_MS,
      ignoreFetchAbort: true, // a question that is pushed out is still answered
      fetchMethod: async (_question, _stale, { context }) => ({ value: await context() }),
    });
    this.users.set(userId, reads);
    return reads;
  }
}
