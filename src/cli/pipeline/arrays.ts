import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readManifest } from '../../activities/compute';
import { COLUMNS } from '../../activities/objectNames';
import { trainingArraysStream } from '../../domain/artefacts';
import type { NumberReader } from '../../domain/dataset';

/** The windows as NumPy reads them, generated while they are written: neither the arrays nor the columns are ever held as a whole. */
export async function writeArrays(datasetDir: string, file: string, signal: AbortSignal): Promise<void> {
  const manifest = await readManifest(datasetDir);
  const columns = await open(path.join(datasetDir, COLUMNS));
  try {
    await pipeline(Readable.from(trainingArraysStream(manifest, numbersIn(columns))), createWriteStream(file), { signal });
  } finally {
    await columns.close();
  }
}

const numbersIn =
  (file: FileHandle): NumberReader =>
  async (first, count) => {
    const numbers = new Float64Array(count);
    const { bytesRead } = await file.read(numbers, 0, numbers.byteLength, first * numbers.BYTES_PER_ELEMENT);
    if (bytesRead !== numbers.byteLength) throw new RangeError(`columns.bin gave ${bytesRead} bytes instead of ${numbers.byteLength}`);
    return numbers;
  };
