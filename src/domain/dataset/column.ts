import type { ScaleSettings } from '../settings/types';
import type { ColumnWindows } from './types';

/**
 * Where a column's values lie: value of step k in window w = data[position(w)·windowStride + k·stepStride].
 * One form holds all three storages: a view of a resampled series (positions = reference numbers), one repeated value per
 * window (stepStride 0) and materialised windows (stepStride 1).
 */
export interface ColumnLayout {
  data: Float64Array;
  windowStride: number;
  stepStride: number;
  /** reference number of each kept window, counted from the first kept one; null: position(w) = w */
  positions: Int32Array | null;
}

export interface ColumnInfo extends ScaleSettings {
  name: string;
  kind: 'series' | 'time';
  steps: number;
}

/** All kept windows of one column behind the interface of scaling, batching, evaluation and plots. */
export class StridedColumn implements ColumnWindows {
  readonly name: string;
  readonly kind: 'series' | 'time';
  readonly steps: number;
  readonly scale: boolean;
  readonly scaleMin: number;
  readonly scaleMax: number;

  constructor(
    info: ColumnInfo,
    readonly layout: ColumnLayout,
    readonly windowCount: number,
  ) {
    ({ name: this.name, kind: this.kind, steps: this.steps, scale: this.scale, scaleMin: this.scaleMin, scaleMax: this.scaleMax } = info);
  }

  value(window: number, step: number): number {
    return this.layout.data[this.start(window) + step * this.layout.stepStride]!;
  }

  copyWindow(window: number, out: Float64Array | Float32Array, offset: number, stride: number, scale = 1, shift = 0): void {
    const { data, stepStride } = this.layout;
    let from = this.start(window);
    let to = offset;
    for (let k = 0; k < this.steps; k++) {
      out[to] = data[from]! * scale + shift;
      from += stepStride;
      to += stride;
    }
  }

  range(windows?: ArrayLike<number>): { min: number; max: number } {
    const { positions, stepStride } = this.layout;
    return positions && stepStride > 0 ? this.rangeOfShared(windows) : this.rangeOfOwn(windows);
  }

  /** Every window has cells of its own: look at each. */
  private rangeOfOwn(windows: ArrayLike<number> | undefined): { min: number; max: number } {
    const { data, stepStride } = this.layout;
    const count = windows ? windows.length : this.windowCount;
    const steps = stepStride === 0 ? 1 : this.steps;
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < count; i++) {
      let from = this.start(windows ? windows[i]! : i);
      for (let k = 0; k < steps; k++) {
        const value = data[from]!;
        if (value < min) min = value;
        if (value > max) max = value;
        from += stepStride;
      }
    }
    return { min, max };
  }

  /** Windows overlap: count per cell how many windows use it (+1 at a window's first cell, −1 past its last), look at each used cell once. */
  private rangeOfShared(windows: ArrayLike<number> | undefined): { min: number; max: number } {
    const { data, stepStride } = this.layout;
    const count = windows ? windows.length : this.windowCount;
    const users = new Int32Array(data.length + stepStride);
    for (let i = 0; i < count; i++) {
      const start = this.start(windows ? windows[i]! : i);
      users[start]!++;
      users[start + this.steps * stepStride]!--;
    }
    let min = Infinity;
    let max = -Infinity;
    for (let cell = 0; cell < data.length; cell++) {
      if (cell >= stepStride) users[cell]! += users[cell - stepStride]!;
      if (users[cell] === 0) continue;
      const value = data[cell]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return { min, max };
  }

  private start(window: number): number {
    const { positions, windowStride } = this.layout;
    return (positions ? positions[window]! : window) * windowStride;
  }
}
