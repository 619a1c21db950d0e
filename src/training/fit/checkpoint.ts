import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { elementCount } from '../networks';
import type { Network } from '../networks';
import type { FitProgress, FitSnapshot, SystemFigures } from './state';

/** One file, so that copying it to and from object storage is atomic. */
export const CHECKPOINT_FILE = 'checkpoint.bin';
const MAGIC = 'lastgang checkpoint 1\n';

interface Header {
  fingerprint: string;
  progress: FitProgress;
  step: number;
  /** whether the weights of a best epoch follow */
  hasBest: boolean;
  /** of the arrays: weights, m, v, best as float32 little-endian */
  sha256: string;
  system?: SystemFigures;
}

/** What a checkpoint belongs to; anything else that decides the numbers of a run is part of it. */
export const fingerprintOf = (facts: unknown): string => createHash('sha256').update(JSON.stringify(facts)).digest('hex');

/**
 * Writes `folder`/checkpoint.bin. The folder appears complete or not at all.
 * Layout: magic line, header length (uint32 LE), header as JSON, arrays.
 */
export function writeCheckpoint(folder: string, fingerprint: string, { progress, weights, optimizer, best, system }: FitSnapshot): void {
  const arrays = [...weights, ...optimizer.m, ...optimizer.v, ...best].map(
    (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  );
  const header: Header = {
    fingerprint,
    progress,
    step: optimizer.step,
    hasBest: best.length > 0,
    sha256: digest(arrays),
    ...(system && { system }),
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);

  const work = `${folder}.partial`;
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(work, { recursive: true });
  const file = fs.openSync(path.join(work, CHECKPOINT_FILE), 'w');
  try {
    for (const part of [Buffer.from(MAGIC), length, json, ...arrays]) writeFully(file, part);
  } finally {
    fs.closeSync(file);
  }
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(work, folder);
}

/** @returns null when the folder holds no checkpoint, a damaged one, or one of another run, back end or version */
export function readCheckpoint(folder: string, fingerprint: string, network: Network): FitSnapshot | null {
  const file = path.join(folder, CHECKPOINT_FILE);
  if (!fs.existsSync(file)) return null;
  const bytes = fs.readFileSync(file);
  const parsed = readHeader(bytes);
  if (parsed?.header.fingerprint !== fingerprint) return null;
  const { header, end } = parsed;
  const arrays = bytes.subarray(end);
  const sizes = network.weights.map(({ shape }) => elementCount(shape));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (arrays.length !== 4 * total * (header.hasBest ? 4 : 3) || digest([arrays]) !== header.sha256) return null;

  let offset = 0;
  const take = (): Float32Array[] =>
    sizes.map((size) => {
      const part = Uint8Array.from(arrays.subarray(offset, offset + 4 * size)); // a copy: aligned, and the file's bytes can go
      offset += 4 * size;
      return new Float32Array(part.buffer);
    });
  const [weights, m, v] = [take(), take(), take()];
  // JSON has no NaN
  const progress = { ...header.progress, lossSum: (header.progress.lossSum as number | null) ?? NaN };
  const { step, hasBest, system } = header;
  return { progress, weights, optimizer: { step, m, v }, best: hasBest ? take() : [], ...(system && { system }) };
}

function readHeader(bytes: Buffer): { header: Header; end: number } | null {
  const start = MAGIC.length + 4;
  if (bytes.length < start || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const end = start + bytes.readUInt32LE(MAGIC.length);
  try {
    return { header: JSON.parse(bytes.toString('utf8', start, end)) as Header, end };
  } catch {
    return null;
  }
}

function digest(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function writeFully(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done);
}
