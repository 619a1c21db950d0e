import type { Warning } from '../findings';
import type { DatasetSettings, Role, ScaleSettings } from '../settings/types';

/** All kept windows of one column, whatever its storage (strided view of a resampled series, materialised, or computed time feature). */
export interface ColumnWindows extends ScaleSettings {
  readonly name: string;
  readonly kind: 'series' | 'time';
  /** N of its role */
  readonly steps: number;
  /** value of step k of kept window w (unscaled, never NaN) */
  value(window: number, step: number): number;
  /** writes x·scale + shift of the window's N values to out[offset + k·stride]; scale 1, shift 0 when absent */
  copyWindow(window: number, out: Float64Array | Float32Array, offset: number, stride: number, scale?: number, shift?: number): void;
  /** minimum and maximum over the given kept windows (all when absent) */
  range(windows?: ArrayLike<number>): { min: number; max: number };
}

/** One side of the dataset. Row-major cell order everywhere: (window, step, column). */
export interface WindowBlock {
  readonly steps: number;
  readonly columns: readonly ColumnWindows[];
}

/** Number of rejected candidates, charged to the first series (in column order) that failed. */
export interface Rejection {
  label: string;
  role: Role;
  outside: number;
  missing: number;
}

/** The built dataset of pipeline.md 9: windows behind one interface for scaling, batching, evaluation, plots and export. */
export interface WindowDataset {
  readonly settings: DatasetSettings;
  readonly windowCount: number;
  /** kept reference times, µs, ascending */
  readonly refTimes: Float64Array;
  /** candidates tried */
  readonly candidateCount: number;
  readonly firstCandidate: number;
  readonly rangeEnd: number;
  readonly rejections: readonly Rejection[];
  readonly warnings: readonly Warning[];
  readonly input: WindowBlock;
  readonly output: WindowBlock;
}
