/** Processes as the kernel knows them. */
import { readdirSync, readFileSync } from 'node:fs';
import { waitFor } from '../support';

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it was faster
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The training processes of a worker. */
export const trainingsOf = (worker: number): number[] =>
  childrenOf(worker).filter((pid) => read(pid, 'cmdline').includes('training/child'));

/** The training process of one of these workers. */
export const runningTraining = (workers: readonly number[]): Promise<{ worker: number; child: number }> =>
  waitFor(() => {
    for (const worker of workers) {
      const [child] = trainingsOf(worker);
      if (child !== undefined) return { worker, child };
    }
    return null;
  }, 120_000);

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(read(pid, 'stat').split(') ').pop()?.split(' ')[1]) === parent);

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
};
