// Uploads to a tus server in another process: create, then one PATCH per chunk; the file is whole after the last one.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { send } from './http.mjs';

const VERSION = { 'Tus-Resumable': '1.0.0' };

export async function startTus() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-tus-'));
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../peers/tusServer.mjs'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [address] = await once(createInterface({ input: child.stdout }), 'line');

  return {
    /** The file is then read once to hash it, which the server does not do. @returns seconds until all bytes were taken, and in all */
    async upload(chunks, sha256) {
      const from = performance.now();
      const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      const created = await send('POST', address, { ...VERSION, 'Upload-Length': size });
      const location = new URL(created.headers.location, address).href;
      let offset = 0;
      for (const chunk of chunks) {
        const headers = { ...VERSION, 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' };
        await send('PATCH', location, headers, [chunk]);
        offset += chunk.length;
      }
      const uploaded = performance.now();
      const file = path.join(folder, path.basename(location));
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      const seconds = { upload: (uploaded - from) / 1000, all: (performance.now() - from) / 1000 };
      if (hash.digest('hex') !== sha256) throw new Error('the peer stored other bytes');
      rmSync(file);
      return seconds;
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
