import type { Middleware } from 'koa';
import { RecentReads } from '../recentReads';
import type { State } from '../types';

const READING = new Set(['GET', 'HEAD']);

/** Gives polling routes the caller's recent reads; a request that may write forgets them before it begins and when it has ended. */
export function recentReads(reads = new RecentReads()): Middleware<State> {
  return async ({ method, state }, next) => {
    const { user, mine } = state;
    state.recent = reads.of(user.id, mine);
    if (READING.has(method)) {
      await next();
      return;
    }
    reads.forget(user.id);
    try {
      await next();
    } finally {
      reads.forget(user.id);
    }
  };
}
