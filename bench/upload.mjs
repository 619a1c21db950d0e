// 100 MB of CSV in chunks of 5 MB, from the first byte to the assembled, hashed and parsed file, against @tus/server with its file store on the same
// disk, which neither hashes nor parses. One upload alone (its ratio has a limit), then 4 and 16 at once. Limits: ratio 2, peak memory of the API 250 MB.
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { csvOf } from './lib/csvText.mjs';
import { send } from './lib/http.mjs';
import { median, round } from './lib/measure.mjs';
import { peakRssOf } from './lib/processMemory.mjs';
import { startTus } from './lib/tusPeer.mjs';

const require = createRequire(import.meta.url);
const { startStack } = require('../dist/stack');
const { signUpDemoUser } = require('../dist/cli/demo/client');

const SIZE = 100_000_000;
const CHUNK = 5_000_000;
const ROUNDS = 5;
const BOUNDARY = 'lastgang-bench-boundary';
const RATIO_LIMIT = 2;
const RSS_LIMIT_MB = 250;

export async function run(print) {
  const content = hundredMegabytes();
  const sha256 = createHash('sha256').update(content).digest('hex');
  const chunks = Array.from({ length: Math.ceil(SIZE / CHUNK) }, (_, k) => content.subarray(k * CHUNK, (k + 1) * CHUNK));
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  const tus = await startTus();
  const stack = await startStack({
    stateDir,
    quiet: true,
    env: { ...process.env, RATE_LIMIT_UPLOAD: '1000000', RATE_LIMIT_WRITE: '1000000' },
  });
  const { api } = JSON.parse(readFileSync(path.join(stateDir, 'processes.json'), 'utf8'));
  try {
    const client = await signUpDemoUser(stack.endpoints);
    const ours = () => uploadOurs(client, chunks, sha256);
    const peer = () => tus.upload(chunks, sha256);
    await ours(); // warms up
    await peer();
    for (const parallel of [1, 4, 16]) {
      const apiPeak = peakRssOf(api.pid);
      const times = { ours: [], peer: [] };
      for (let k = 0; k < (parallel === 1 ? ROUNDS : 1); k += 1) {
        times.peer.push(await together(parallel, peer));
        times.ours.push(await together(parallel, ours));
      }
      print(figures(parallel, times, apiPeak()));
    }
  } finally {
    await Promise.all([stack.stop(), tus.stop()]);
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Minute values of seven years, a time stamp and three decimals a line. */
function hundredMegabytes() {
  const rows = Math.ceil(SIZE / 24);
  const start = Date.UTC(2017, 0, 1) * 1000;
  const times = Float64Array.from({ length: rows }, (_, i) => start + i * 60_000_000);
  const values = times.map((_, i) => 50 + 40 * Math.sin(i / 230) + (i % 17) / 10);
  const text = Buffer.from(csvOf(times, values));
  return text.subarray(0, text.lastIndexOf('\n', SIZE - 1) + 1); // whole lines: a file cut within one would be refused, not parsed
}

/** A session, its chunks one after another, and the file the last of them is answered with. @returns seconds until all bytes were taken, and in all */
async function uploadOurs({ apiUrl, token }, chunks, sha256) {
  const call = async (route, headers, parts) => {
    const { text } = await send('POST', `${apiUrl}/api/training${route}`, { Authorization: `Bearer ${token}`, ...headers }, parts);
    return JSON.parse(text);
  };
  const sessionId = `session_${Date.now()}_${randomUUID().slice(0, 7)}`;
  await call('/init-session', { 'Content-Type': 'application/json' }, [Buffer.from(JSON.stringify({ sessionId }))]);
  const from = performance.now();
  let answer;
  let lastSent;
  for (const [chunkIndex, chunk] of chunks.entries()) {
    const metadata = { sessionId, fileName: 'load.csv', fileType: 'input', chunkIndex, totalChunks: chunks.length, fileHash: sha256 };
    lastSent = performance.now();
    answer = await call('/upload-chunk', { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` }, multipart(metadata, chunk));
  }
  if (answer.file?.sha256 !== sha256) throw new Error(`the file was not assembled: ${JSON.stringify(answer).slice(0, 500)}`);
  return { upload: (lastSent - from) / 1000, all: (performance.now() - from) / 1000 };
}

const multipart = (metadata, chunk) => [
  Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n${JSON.stringify(metadata)}\r\n`),
  Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="chunk"; filename="load.csv"\r\nContent-Type: text/csv\r\n\r\n`),
  chunk,
  Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
];

/** @returns wall-clock seconds of `count` uploads at once, and of the parts of the slowest of them */
async function together(count, upload) {
  const from = performance.now();
  const parts = await Promise.all(Array.from({ length: count }, upload));
  const slowest = parts.reduce((worst, part) => (part.all > worst.all ? part : worst));
  return { wall: (performance.now() - from) / 1000, ...slowest };
}

function figures(parallel, times, apiPeakMb) {
  const middle = (side, key) => round(median(times[side].map((time) => time[key]).sort((a, b) => a - b)));
  const ours = middle('ours', 'wall');
  const peer = middle('peer', 'wall');
  return {
    measure: `upload-${parallel}`,
    unit: 's',
    ours,
    peer,
    ratio: round(ours / peer),
    ratio_limit: parallel === 1 ? RATIO_LIMIT : null,
    ours_until_last_chunk: middle('ours', 'upload'),
    peer_without_hash: middle('peer', 'upload'),
    megabytes_per_second: round((parallel * SIZE) / 1e6 / ours),
    api_peak_rss_mb: apiPeakMb,
    rss_limit_mb: RSS_LIMIT_MB,
    runs: times.ours.length,
  };
}
