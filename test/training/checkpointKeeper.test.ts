import fs from 'node:fs';
import path from 'node:path';
import { CheckpointKeeper } from '../../src/training/checkpointKeeper';
import { removeTemporaryFolders, temporaryFolder } from './support';

/** Checkpoints of a fast child, taken by a caller that needs time for each. */
function keeping() {
  const root = temporaryFolder('keeper');
  const taken: number[] = [];
  const errors: unknown[] = [];
  let finish: () => void = () => undefined;
  const keeper = new CheckpointKeeper(
    ({ epoch, dir }) =>
      new Promise<void>((resolve) => {
        expect(fs.existsSync(dir)).toBe(true);
        taken.push(epoch);
        finish = resolve;
      }),
    (error) => errors.push(error),
  );
  const save = (epoch: number): void => {
    const dir = path.join(root, String(epoch));
    fs.mkdirSync(dir);
    keeper.add({ type: 'checkpoint', epoch, dir });
  };
  return { keeper, save, taken, errors, next: () => finish(), left: () => fs.readdirSync(root).sort() };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
afterAll(removeTemporaryFolders);

describe('checkpoints that come faster than they are stored', () => {
  it('are stored one at a time, the newest next, and their folders go', async () => {
    const { keeper, save, taken, errors, next, left } = keeping();
    for (const epoch of [1, 2, 3]) save(epoch);
    next();
    await settle();
    expect(taken).toEqual([1, 3]);
    next();
    await keeper.handOver();
    expect(left()).toEqual(['3']);
    expect(errors).toEqual([]);
  });

  it('are handed over to the end when another process is to go on', async () => {
    const { keeper, save, taken, next } = keeping();
    save(1);
    save(2);
    const over = keeper.handOver();
    next();
    await settle();
    next();
    await over;
    expect(taken).toEqual([1, 2]);
  });

  it('are dropped when nobody will go on', async () => {
    const { keeper, save, taken, next } = keeping();
    save(1);
    save(2);
    const over = keeper.drop();
    next();
    await over;
    expect(taken).toEqual([1]);
  });
});
