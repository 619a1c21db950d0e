/** Trainings that the machine has no memory for. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { runTraining } from '../../src/training';
import { BACKENDS, dense, removeTemporaryFolders, specFor, storeDataset } from '../training/support';

const SPARE_BYTES = 20e6;
jest.setTimeout(60_000);
afterAll(removeTemporaryFolders);

describe.each(BACKENDS)('a training on the %s back end whose process may take no more memory', (backend) => {
  it('ends with a sentence about memory, and is not tried again', async () => {
    // 34 million parameters, 135 MB for the weights alone
    const run = runTraining(specFor(storeDataset(400), dense(2, 4096, 3), { backend }), {
      signal: new AbortController().signal,
      onMessage(message) {
        if (message.type !== 'started') return;
        const taken = 1024 * Number(/VmSize:\s+(\d+)/.exec(readFileSync(`/proc/${message.pid}/status`, 'utf8'))?.[1]);
        execFileSync('prlimit', ['--pid', String(message.pid), `--as=${taken + SPARE_BYTES}`]);
      },
    });
    await expect(run).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      retryable: false,
      message: 'The training needs more memory than this machine has',
    });
  });
});
