import { MockActivityEnvironment } from '@temporalio/testing';
import { interruption, withHeartbeat } from '../../../src/activities/heartbeats';

const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

describe('an activity under heartbeats', () => {
  it('tells at once and every half second where it stands, until its work ends', async () => {
    const env = new MockActivityEnvironment();
    const beats: unknown[] = [];
    env.on('heartbeat', (details: unknown) => beats.push(details));
    let epoch = 0;
    const result = await env.run(() =>
      withHeartbeat(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 700));
          return 'done';
        },
        () => ({ epoch: epoch++ }),
      ),
    );
    expect(result).toBe('done');
    expect(beats).toEqual([{ epoch: 0 }, { epoch: 1 }]);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(beats).toHaveLength(2);
  });

  it('hears a cancel of the job, which is the reason of its end', async () => {
    const env = new MockActivityEnvironment();
    const ended = env.run(() =>
      withHeartbeat(async (cancelled) => {
        await aborted(cancelled);
        throw interruption(cancelled) ?? new Error('not interrupted');
      }),
    );
    env.cancel('CANCELLED');
    await expect(ended).rejects.toMatchObject({ name: 'CancelledFailure' });
  });

  it('takes the stop of its worker for something else: another attempt goes on', async () => {
    const env = new MockActivityEnvironment();
    const ended = env.run(() =>
      withHeartbeat(async (cancelled) => {
        await aborted(cancelled);
        throw interruption(cancelled) ?? new Error('not interrupted');
      }),
    );
    env.cancel('WORKER_SHUTDOWN');
    await expect(ended).rejects.toMatchObject({ type: 'WORKER_STOPPING', nonRetryable: false });
  });
});
