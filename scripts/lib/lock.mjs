// A lock between processes: two clones on one machine must not build or install the same thing at once.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { say } from './console.mjs';

const POLL_MS = 500;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Takes the lock away from a process that died holding it. */
function clearDead(folder) {
  try {
    const pid = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
    if (!alive(pid)) rmSync(folder, { recursive: true, force: true });
  } catch {
    // being made or removed right now
  }
}

/** Runs `action` while holding the lock `folder`; waits as long as another living process holds it. */
export async function withLock(folder, action) {
  mkdirSync(path.dirname(folder), { recursive: true });
  for (let told = false; ;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      clearDead(folder);
      if (!told) say('  another process is doing the same; waiting for it');
      told = true;
      await sleep(POLL_MS);
    }
  }
  writeFileSync(path.join(folder, 'pid'), String(process.pid));
  try {
    return await action();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
