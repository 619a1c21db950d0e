import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DemoClient } from './client';
import type { Example } from './example';

/** Small enough that every example file takes several chunks. */
const CHUNK_BYTES = 200 * 1024;

export interface UploadedFile {
  fileName: string;
  bezeichnung: string;
  type: string;
  rows: number;
  chunks: number;
  statistics: Record<string, string | null>;
}

interface ChunkAnswer {
  assembled: boolean;
  assembling: boolean;
  file?: Omit<UploadedFile, 'chunks'>;
}

/** Opens a session with a string id as the frontend forms it. */
export async function openSession(client: DemoClient): Promise<string> {
  const sessionId = `session_${Date.now()}_${randomBytes(4).toString('hex').slice(0, 7)}`;
  await client.post('/init-session', { sessionId });
  return sessionId;
}

/** Uploads every file of the example in chunks, each with its hash, and returns what the server found in them. */
export async function uploadFiles(client: DemoClient, sessionId: string, example: Example): Promise<UploadedFile[]> {
  const uploaded: UploadedFile[] = [];
  for (const { file: fileName, type, bezeichnung, ...settings } of example.files) {
    const bytes = await readFile(path.join(example.folder, fileName));
    const totalChunks = Math.ceil(bytes.length / CHUNK_BYTES);
    const metadata = { sessionId, fileName, fileType: type, bezeichnung, totalChunks, fileHash: sha256(bytes), fileSize: bytes.length };
    let answer: ChunkAnswer | undefined;
    for (let chunkIndex = 0; chunkIndex < totalChunks; chunkIndex++) {
      const chunk = bytes.subarray(chunkIndex * CHUNK_BYTES, (chunkIndex + 1) * CHUNK_BYTES);
      const form = new FormData();
      form.set('metadata', JSON.stringify({ ...metadata, chunkIndex, chunkHash: sha256(chunk) }));
      form.set(
        'additionalData',
        JSON.stringify({ fileMetadata: { fileName, type, bezeichnung, ...settings }, sessionInfo: { totalFiles: example.files.length } }),
      );
      form.set('chunk', new Blob([new Uint8Array(chunk)]), fileName);
      answer = await client.postForm<ChunkAnswer>('/upload-chunk', form);
    }
    if (!answer?.file) throw new Error(`${fileName} was not assembled within a minute`);
    uploaded.push({ ...answer.file, chunks: totalChunks });
  }
  return uploaded;
}

export interface DatasetAnswer {
  n_dat: number;
  violin_plots: Record<string, { data: string }>;
  combined_violin_plots: Record<string, string | null>;
}

/** Saves steps and time features, finalizes, builds the dataset. */
export async function configureAndBuild(
  client: DemoClient,
  sessionId: string,
  example: Example,
): Promise<{ rows: number; dataset: DatasetAnswer }> {
  await client.post('/save-zeitschritte', { sessionId, zeitschritte: example.zeitschritte });
  await client.post('/save-time-info', { sessionId, timeInfo: example.timeInfo });
  const { n_dat: rows } = await client.post<{ n_dat: number }>('/finalize-session', { sessionId });
  const dataset = await client.post<DatasetAnswer>(`/generate-datasets/${sessionId}`, {});
  return { rows, dataset };
}

/** Writes the pictures of a dataset; returns their paths. */
export async function savePlots(dataset: DatasetAnswer, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const pictures = [
    ...Object.entries(dataset.violin_plots).map(([name, { data }]) => [name, data] as const),
    ...Object.entries(dataset.combined_violin_plots),
  ];
  const files: string[] = [];
  for (const [name, data] of pictures) {
    if (data === null) continue;
    const file = path.join(folder, `${name}.png`);
    await writeFile(file, Buffer.from(data.slice(data.indexOf(',') + 1), 'base64'));
    files.push(file);
  }
  return files;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
