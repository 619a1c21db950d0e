import { Places } from '../../../src/api/predictions/places';

/** Work that lasts until it is told to end. */
function slow() {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { work: () => done, end: () => end() };
}
const patient = new AbortController().signal;

describe('places for forecasts', () => {
  it('are given in the order of asking, never more than there are', async () => {
    const places = new Places(1);
    const first = slow();
    const order: string[] = [];
    const held = places.hold(first.work, patient);
    const waiting = ['second', 'third'].map((name) => places.hold(() => Promise.resolve(order.push(name)), patient));
    await Promise.resolve();
    expect(order).toEqual([]);
    first.end();
    await Promise.all([held, ...waiting]);
    expect(order).toEqual(['second', 'third']);
  });

  it('are not kept for who has left', async () => {
    const places = new Places(1);
    const first = slow();
    const held = places.hold(first.work, patient);
    const impatient = new AbortController();
    const left = places.hold(() => Promise.reject(new Error('it must not begin')), impatient.signal);
    const next = places.hold(() => Promise.resolve('next'), patient);
    impatient.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    first.end();
    await held;
    await expect(next).resolves.toBe('next');
    await expect(places.hold(() => Promise.resolve('again'), patient)).resolves.toBe('again');
  });

  it('come back after a failure', async () => {
    const places = new Places(1);
    await expect(places.hold(() => Promise.reject(new Error('failed')), patient)).rejects.toThrow('failed');
    await expect(places.hold(() => Promise.resolve(1), patient)).resolves.toBe(1);
  });
});
