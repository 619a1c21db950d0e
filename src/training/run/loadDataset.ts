import fs from 'node:fs';
import path from 'node:path';
import { openDataset } from '../../domain/dataset';
import type { DatasetManifest, WindowDataset } from '../../domain/dataset';

/** The dataset that the caller put into the folder as manifest.json and columns.bin. */
export function loadDataset(folder: string): WindowDataset {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as DatasetManifest;
  return openDataset(manifest, fs.readFileSync(path.join(folder, 'columns.bin')));
}
