import type { ScalerSide } from './scaler';
import type { ScalerParameters } from './types';

/** Columns of equal length to be scaled; NaN = no value. */
export interface Table {
  rows: number;
  columns: readonly TableColumn[];
}

export interface TableColumn {
  name: string;
  values: Float64Array;
  /** null: the model knows the column and leaves it unscaled; undefined: it has no such column */
  scaler: ScalerParameters | null | undefined;
}

type Range = [min: number | null, max: number | null];

/** What was done to a column (http-api route 36). */
export type ColumnScaling =
  | { name: string; scaled: true; original_range: Range; scaled_range: Range; feature_range: [number, number] }
  | { name: string; scaled: false; reason: 'no_scaler' | 'scaler_not_found' };

export interface ScaledTable {
  rows: number;
  names: string[];
  /** row-major (rows × columns); NaN where there was no value */
  values: Float64Array;
  info: ColumnScaling[];
}

/**
 * Scales a table with the input scalers of a model: x·scale + min in double precision, nothing is clipped, missing values stay missing.
 * Ranges are those of the values at hand, before and after.
 */
export function scaleTable({ rows, columns }: Table): ScaledTable {
  const values = new Float64Array(rows * columns.length);
  const info = columns.map(({ name, values: column, scaler }, j): ColumnScaling => {
    const { scale = 1, min: shift = 0 } = scaler ?? {};
    const [before, after] = [new RangeOf(), new RangeOf()];
    for (let i = 0; i < rows; i += 1) {
      const original = column[i]!;
      const scaled = original * scale + shift;
      values[i * columns.length + j] = scaled;
      before.add(original);
      after.add(scaled);
    }
    if (!scaler) return { name, scaled: false, reason: scaler === null ? 'no_scaler' : 'scaler_not_found' };
    const ranges = { original_range: before.range, scaled_range: after.range };
    return { name, scaled: true, ...ranges, feature_range: [...scaler.feature_range] };
  });
  return { rows, names: columns.map(({ name }) => name), values, info };
}

/**
 * Columns as a client gives them without names, in training order. Those beyond the trained ones are called `feature_<i>` and have no scaler.
 *
 * @param columns values per column
 */
export function tableByOrder(columns: readonly Float64Array[], names: readonly string[], scalers: ScalerSide): TableColumn[] {
  return columns.map((values, i) => {
    const name = names[i];
    return name === undefined ? { name: `feature_${i}`, values, scaler: undefined } : { name, values, scaler: scalers[String(i)] ?? null };
  });
}

/** Columns given by name, brought into training order. @returns with the names that the model does not have */
export function tableByName(
  columns: ReadonlyMap<string, Float64Array>,
  names: readonly string[],
  scalers: ScalerSide,
): { columns: TableColumn[]; unknown: string[] } {
  const known = names.flatMap((name, i) => {
    const values = columns.get(name);
    return values ? [{ name, values, scaler: scalers[String(i)] ?? null }] : [];
  });
  return { columns: known, unknown: [...columns.keys()].filter((name) => !names.includes(name)) };
}

class RangeOf {
  private min = Infinity;
  private max = -Infinity;

  add(value: number): void {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  get range(): Range {
    return this.min > this.max ? [null, null] : [this.min, this.max];
  }
}
