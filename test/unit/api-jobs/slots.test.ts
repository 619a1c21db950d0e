import { createSlots } from '../../../src/temporal/slots';

describe('updates in flight per session', () => {
  it('never exceed the limit, keep their order and all happen', async () => {
    const slots = createSlots(8);
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    const work = (k: number) => async (): Promise<number> => {
      begun.push(k);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1 + (k % 3)));
      running -= 1;
      return k;
    };
    const all = Array.from({ length: 40 }, (_, k) => k);
    expect(await Promise.all(all.map((k) => slots.take('session', work(k))))).toEqual(all);
    expect(most).toBe(8);
    expect(begun).toEqual(all);
  });

  it('are counted per session, and a failure frees its place', async () => {
    const slots = createSlots(1);
    await expect(slots.take('a', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    let release: () => void = () => undefined;
    const held = slots.take('a', () => new Promise<void>((resolve) => (release = resolve)));
    expect(await slots.take('b', () => Promise.resolve('other session'))).toBe('other session');
    release();
    await held;
    expect(await slots.take('a', () => Promise.resolve('free again'))).toBe('free again');
  });
});
