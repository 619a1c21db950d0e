/** Lets at most `limit` pieces of work per key run at a time; the others wait in the order they came. */
export interface Slots {
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createSlots(limit: number): Slots {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  const enter = (key: string): Promise<void> | undefined => {
    const count = running.get(key) ?? 0;
    if (count < limit) {
      running.set(key, count + 1);
      return undefined;
    }
    return new Promise((resolve) => {
      const queue = waiting.get(key) ?? [];
      queue.push(resolve);
      waiting.set(key, queue);
    });
  };

  const leave = (key: string): void => {
    const queue = waiting.get(key);
    const next = queue?.shift();
    if (queue?.length === 0) waiting.delete(key);
    if (next) return next(); // hands the slot on
    const count = (running.get(key) ?? 1) - 1;
    if (count === 0) running.delete(key);
    else running.set(key, count);
  };

  return {
    async take(key, work) {
      await enter(key);
      try {
        return await work();
      } finally {
        leave(key);
      }
    },
  };
}
