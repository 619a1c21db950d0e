import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuiltDataset, DatasetLimits, DatasetManifest } from '../../domain/dataset';
import { buildDataset as build, manifestFor, openDataset, serializeDataset } from '../../domain/dataset';
import type { DatasetSettings } from '../../domain/settings/types';
import { COLUMNS, MANIFEST } from '../objectNames';
import type { DatasetSummary } from '../types';
import type { SeriesFile } from './series';
import { readSeries } from './series';

export interface BuildTask {
  series: SeriesFile[];
  settings: DatasetSettings;
  contentHash: string;
  limits: DatasetLimits;
  /** gets manifest.json and columns.bin */
  outDir: string;
}

/** Cuts the series into windows and writes the dataset's two files (pipeline.md 8, 9, 17). */
export async function buildDataset({ series, settings, contentHash, limits, outDir }: BuildTask): Promise<DatasetSummary> {
  const rows = await Promise.all(series.map(readSeries));
  const dataset = build(rows, settings, limits);
  const { manifest, columns } = serializeDataset(dataset, contentHash);
  await mkdir(outDir, { recursive: true });
  const file = await open(path.join(outDir, COLUMNS), 'w');
  try {
    for (const part of columns) await file.writeFile(part);
  } finally {
    await file.close();
  }
  const text = JSON.stringify(manifest);
  await writeFile(path.join(outDir, MANIFEST), text);
  return {
    nDat: dataset.windowCount,
    inputSteps: dataset.input.steps,
    outputSteps: dataset.output.steps,
    inputFeatures: dataset.input.columns.map(({ name }) => name),
    outputFeatures: dataset.output.columns.map(({ name }) => name),
    sizeBytes: manifest.byteLength + Buffer.byteLength(text),
    pipelineVersion: manifest.pipelineVersion,
  };
}

export async function readManifest(folder: string): Promise<DatasetManifest> {
  return JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as DatasetManifest;
}

/** @param settings  those of the job at hand, for their scaling; absent = as the dataset was built */
export async function readDataset(folder: string, settings?: DatasetSettings): Promise<BuiltDataset> {
  const manifest = await readManifest(folder);
  return openDataset(settings ? manifestFor(manifest, settings) : manifest, await readFile(path.join(folder, COLUMNS)));
}
