import { datasetWarnings } from '../settings';
import { stepsOf } from '../settings/windowStep';
import type { DatasetSettings, ScaleSettings } from '../settings/types';
import type { BuiltDataset } from './build';
import { StridedColumn } from './column';
import type { ColumnLayout } from './column';
import { PIPELINE_VERSION } from './key';
import type { Rejection } from './types';
import type { Warning } from '../findings';

/** One column inside columns.bin; positions and lengths count float64 values. */
export interface ManifestColumn extends ScaleSettings {
  side: 'input' | 'output';
  name: string;
  kind: 'series' | 'time';
  offset: number;
  length: number;
  windowStride: number;
  stepStride: number;
  /** 'reference': cell 0 belongs to the first kept reference, whose successors follow at `referenceStepUs`; 'window': to window 0 */
  countedBy: 'reference' | 'window';
}

/** manifest.json: everything about a dataset but its numbers. */
export interface DatasetManifest {
  format: 'dataset';
  pipelineVersion: string;
  cacheKey: string | null;
  settings: DatasetSettings;
  windowCount: number;
  candidateCount: number;
  firstCandidate: number;
  rangeEnd: number;
  rejections: readonly Rejection[];
  warnings: readonly Warning[];
  /** distance of neighbouring references, µs; null when no column is counted by reference */
  referenceStepUs: number | null;
  /** columns.bin: little-endian float64, first the reference times, then the columns; NaN = cell not determined and used by no window */
  byteLength: number;
  columns: ManifestColumn[];
}

/** A dataset as its two stored objects; `columns` are consecutive pieces of columns.bin (views, not copies). */
export interface StoredDataset {
  manifest: DatasetManifest;
  columns: Uint8Array[];
}

/** Splits a dataset into manifest.json and columns.bin (pipeline.md 17). */
export function serializeDataset(dataset: BuiltDataset, cacheKey: string | null = null): StoredDataset {
  const parts = [dataset.refTimes];
  const columns: ManifestColumn[] = [];
  let offset = dataset.windowCount;
  for (const side of ['input', 'output'] as const) {
    for (const { name, kind, scale, scaleMin, scaleMax, layout } of dataset[side].columns) {
      const { data, windowStride, stepStride, positions } = layout;
      const countedBy = positions ? 'reference' : 'window';
      columns.push({ side, name, kind, offset, length: data.length, windowStride, stepStride, countedBy, scale, scaleMin, scaleMax });
      parts.push(data);
      offset += data.length;
    }
  }
  const { settings, windowCount, candidateCount, firstCandidate, rangeEnd, rejections, warnings } = dataset;
  const manifest: DatasetManifest = {
    format: 'dataset',
    pipelineVersion: PIPELINE_VERSION,
    cacheKey,
    settings,
    windowCount,
    candidateCount,
    firstCandidate,
    rangeEnd,
    rejections,
    warnings,
    referenceStepUs: referenceStep(dataset),
    byteLength: offset * 8,
    columns,
  };
  return { manifest, columns: parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)) };
}

/** Read back from any column counted by reference: distance in time over distance in number. */
function referenceStep({ input, output, refTimes, windowCount }: BuiltDataset): number | null {
  const positions = [...input.columns, ...output.columns].find(({ layout }) => layout.positions)?.layout.positions;
  if (!positions) return null;
  const last = windowCount - 1;
  return last === 0 ? 1 : (refTimes[last]! - refTimes[0]!) / positions[last]!;
}

/**
 * The manifest for a job whose settings lead to the same windows but may scale them differently: scaling is not part of the
 * cache key, so the stored dataset takes the scale settings (and the warnings) of the job at hand.
 */
export function manifestFor(manifest: DatasetManifest, settings: DatasetSettings): DatasetManifest {
  const series = {
    input: settings.series.filter(({ role }) => role === 'input'),
    output: settings.series.filter(({ role }) => role === 'output'),
  };
  const seen = { input: 0, output: 0 };
  const columns = manifest.columns.map((column) => {
    const own =
      column.kind === 'series'
        ? series[column.side][seen[column.side]++]
        : settings.time.groups.find(({ group }) => isOf(column.name, group));
    if (!own) throw new RangeError(`the settings have no column "${column.name}"`);
    return { ...column, scale: own.scale, scaleMin: own.scaleMin, scaleMax: own.scaleMax };
  });
  return { ...manifest, settings, warnings: datasetWarnings(settings), columns };
}

/** Time columns are named after their group: `Y_sin`, …, `Holiday`. */
function isOf(name: string, group: string): boolean {
  return name.startsWith(group);
}

/**
 * Opens a stored dataset. The numbers are viewed, not copied, when `bytes` is 8-byte aligned.
 *
 * @throws RangeError when the two objects do not belong together or come from another builder version
 */
export function openDataset(manifest: DatasetManifest, bytes: Uint8Array | ArrayBuffer): BuiltDataset {
  if (manifest.format !== 'dataset' || manifest.pipelineVersion !== PIPELINE_VERSION)
    throw new RangeError(`dataset of builder version ${manifest.pipelineVersion}, expected ${PIPELINE_VERSION}`);
  if (bytes.byteLength !== manifest.byteLength)
    throw new RangeError(`columns.bin has ${bytes.byteLength} bytes, its manifest says ${manifest.byteLength}`);
  const numbers = asNumbers(bytes);
  const { windowCount, settings } = manifest;
  const refTimes = numbers.subarray(0, windowCount);
  const positions = manifest.referenceStepUs === null ? null : positionsOf(refTimes, manifest.referenceStepUs);
  const block = (side: 'input' | 'output') => {
    const steps = stepsOf(side, settings.steps);
    const columns = manifest.columns.filter((column) => column.side === side);
    return {
      steps,
      columns: columns.map((column) => new StridedColumn({ ...column, steps }, layoutOf(column, numbers, positions), windowCount)),
    };
  };
  const { candidateCount, firstCandidate, rangeEnd, rejections, warnings } = manifest;
  return {
    settings,
    windowCount,
    refTimes,
    candidateCount,
    firstCandidate,
    rangeEnd,
    rejections,
    warnings,
    input: block('input'),
    output: block('output'),
  };
}

function layoutOf(column: ManifestColumn, numbers: Float64Array, positions: Int32Array | null): ColumnLayout {
  const { offset, length, windowStride, stepStride } = column;
  return {
    data: numbers.subarray(offset, offset + length),
    windowStride,
    stepStride,
    positions: column.countedBy === 'reference' ? positions : null,
  };
}

/** Number of each kept reference, counted from the first kept one. */
export function positionsOf(refTimes: Float64Array, step: number): Int32Array {
  const positions = new Int32Array(refTimes.length);
  for (let w = 0; w < positions.length; w++) positions[w] = Math.round((refTimes[w]! - refTimes[0]!) / step);
  return positions;
}

function asNumbers(bytes: Uint8Array | ArrayBuffer): Float64Array {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const aligned = view.byteOffset % 8 === 0 ? view : view.slice();
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8);
}
