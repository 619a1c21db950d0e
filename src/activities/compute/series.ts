import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { Finding } from '../../domain/findings';
import { createCsvParser, runningStatistics } from '../../domain/series';
import type { CsvResult, RunningStatistics, Separator, Series, SeriesStatistics } from '../../domain/series';
import type { Role } from '../../domain/settings/types';
import { Meter } from '../meter';
import type { Block, BlocksTask, ParsedContent } from './parseStream';

export interface ParseTask {
  /** local file */
  csv: string;
  fileName: string;
  /** `bezeichnung`: chooses among several value columns */
  label: string;
  /** where the parsed columns go */
  seriesFile: string;
}

export type ParsedFile =
  | { ok: true; rowCount: number; columns: string[]; columnHeader: string; separator: Separator; statistics: SeriesStatistics }
  | { ok: false; rowCount: number; columns: string[]; separator: Separator | null; findings: Finding[] };

const READ_BYTES = 1024 * 1024;

/** Parses one CSV file (pipeline.md 2, 3). */
export async function parseSeries({ csv, fileName, label, seriesFile }: ParseTask): Promise<ParsedFile> {
  const { size } = await stat(csv);
  const parser = createCsvParser({ fileName, label, size });
  for await (const chunk of createReadStream(csv, { highWaterMark: READ_BYTES })) parser.push(chunk as Buffer);
  const result = parser.end();
  if (result.ok) {
    const { times, values, rowCount } = result.csv;
    const both = new Float64Array(2 * rowCount);
    both.set(times);
    both.set(values, rowCount);
    await writeFile(seriesFile, new Uint8Array(both.buffer));
  }
  return summary(result);
}

/** Parses and hashes the blocks that arrive on a port until null does, and sends each buffer back; only what is known of the columns is kept. */
export async function parseBlocks({ port, ...file }: BlocksTask): Promise<ParsedContent> {
  const meter = new Meter();
  const parser = createCsvParser(file);
  const running = runningStatistics();
  await new Promise<void>((resolve, reject) => {
    port.on('close', () => reject(new Error('the bytes to parse have ended early')));
    port.on('message', (block: Block | null) => {
      if (block === null) return resolve();
      try {
        const bytes = new Uint8Array(block.buffer, 0, block.length);
        meter.add(bytes);
        parser.push(bytes);
        running.take(parser.rowsSoFar());
        port.postMessage(block, [block.buffer]);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    port.postMessage(null); // ready
  }).finally(() => port.close());
  return { measured: meter.measured(), parsed: summary(parser.end(), running) };
}

function summary(result: CsvResult, running: RunningStatistics = runningStatistics()): ParsedFile {
  if (!result.ok) return result;
  const { times, values, rowCount, columns, columnHeader, separator } = result.csv;
  return { ok: true, rowCount, columns, columnHeader, separator, statistics: running.result({ times, values, count: rowCount }) };
}

export interface SeriesFile {
  seriesFile: string;
  label: string;
  role: Role;
}

/** Reads back what {@link parseSeries} wrote: times, then values. */
export async function readSeries({ seriesFile, label, role }: SeriesFile): Promise<Series> {
  const bytes = await readFile(seriesFile);
  // a buffer of its own: a view of Node's pool need not be aligned to 8 bytes
  const both = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const rowCount = both.length / 2;
  return { label, role, times: both.subarray(0, rowCount), values: both.subarray(rowCount) };
}
