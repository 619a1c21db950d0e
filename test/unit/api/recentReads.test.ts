import { setTimeout as sleep } from 'node:timers/promises';
import { RecentReads } from '../../../src/api/recentReads';
import type { RecentStore } from '../../../src/api/recentReads';

/** A store that counts, and answers when told to. */
function counting() {
  const asked: string[] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const store: RecentStore = {
    resolveSession: async (key) => {
      asked.push(`session ${key}`);
      await gate;
      return null;
    },
    progress: async (sessionId) => {
      asked.push(`progress ${sessionId}`);
      await gate;
      return [];
    },
  };
  return { store, asked, open };
}

describe('recent reads', () => {
  it('ask once for many who wait for the same, also when nothing is found', async () => {
    const { store, asked, open } = counting();
    const reads = new RecentReads();
    const answers = Array.from({ length: 200 }, () => reads.of('u', store).resolveSession('s'));
    open();
    expect(new Set(await Promise.all(answers))).toEqual(new Set([null]));
    await reads.of('u', store).resolveSession('s');
    expect(asked).toEqual(['session s']);
  });

  it('belong to one user and one question', async () => {
    const { store, asked, open } = counting();
    open();
    const reads = new RecentReads();
    await reads.of('u', store).progress('a');
    await reads.of('v', store).progress('a');
    await reads.of('u', store).progress('b');
    await reads.of('u', store).resolveSession('a');
    expect(asked).toEqual(['progress a', 'progress a', 'progress b', 'session a']);
  });

  it('are asked for again after a write, even when the question was under way', async () => {
    const { store, asked, open } = counting();
    const reads = new RecentReads();
    const before = reads.of('u', store).progress('a');
    reads.forget('u');
    const after = reads.of('u', store).progress('a');
    open();
    await Promise.all([before, after]);
    await reads.of('u', store).progress('a');
    expect(asked).toHaveLength(2);
  });

  it('last half a second', async () => {
    const { store, asked, open } = counting();
    open();
    const reads = new RecentReads();
    await reads.of('u', store).progress('a');
    await sleep(700);
    await reads.of('u', store).progress('a');
    expect(asked).toHaveLength(2);
  });

  it('remember no failure', async () => {
    const reads = new RecentReads();
    let calls = 0;
    const failing: RecentStore = {
      resolveSession: () => Promise.reject(new Error(`down ${(calls += 1)}`)),
      progress: () => Promise.resolve([]),
    };
    await expect(reads.of('u', failing).resolveSession('s')).rejects.toThrow('down 1');
    await expect(reads.of('u', failing).resolveSession('s')).rejects.toThrow('down 2');
  });
});
