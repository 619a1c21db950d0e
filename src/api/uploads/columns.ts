import { createCsvParser } from '../../domain/series';
import type { FileRow, Store } from '../../store';

// no header line of a real file is longer
const HEAD_BYTES = 64 * 1024;

/** Column names of an assembled file, read from its first bytes: they are not kept beside it. */
export async function storedColumns({ objects }: Pick<Store, 'objects'>, file: FileRow): Promise<string[]> {
  const { storage_bucket: bucket, storage_path: path, size_bytes: size } = file;
  if (bucket === null || path === null || !size) return [];
  const parser = createCsvParser({ fileName: file.file_name, label: file.bezeichnung });
  const head = await objects.get(bucket, path, { start: 0, end: Math.min(size, HEAD_BYTES) - 1 });
  for await (const part of head as AsyncIterable<Buffer>) parser.push(part);
  const result = parser.end();
  return result.ok ? result.csv.columns : result.columns;
}
