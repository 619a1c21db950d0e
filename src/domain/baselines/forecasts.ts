import type { Series } from '../series/types';
import type { SeriesSettings, StepConfig } from '../settings/types';
import { HOUR_US, leftEnds, minutesUs, seriesShape, windowOffsets } from '../windows';
import type { WindowShape } from '../windows';
import { RowReader } from './rowReader';
import type { Reading } from './rowReader';
import type { BaselineName } from './types';

const DAY_US = 24 * HOUR_US;
const PERIODS = { daily: DAY_US, weekly: 7 * DAY_US } as const;

/**
 * The naive forecasts of one output series (pipeline.md 15). All of them use only rows with a time strictly before
 * min(ref, start of the output window): what is known when the forecast is made.
 */
export class NaiveForecaster {
  private readonly rows: RowReader;
  private readonly shape: WindowShape;
  /** instants of the window relative to the reference time, µs */
  private readonly offsets: Float64Array;
  /** left ends of the averaging cells of rule C, likewise */
  private readonly cellStarts: Float64Array;

  constructor(
    series: Series,
    private readonly settings: SeriesSettings,
    private readonly steps: StepConfig,
  ) {
    this.rows = new RowReader(series);
    this.shape = seriesShape(settings, steps);
    this.offsets = windowOffsets(this.shape);
    this.cellStarts = leftEnds(this.offsets);
  }

  /**
   * @param refTime µs
   * @returns one value per output step, or null when the baseline is not available for this window
   */
  forecast(name: BaselineName, refTime: number): Float64Array | null {
    const cut = refTime + Math.min(0, this.shape.startUs);
    const values = new Float64Array(this.steps.outputSteps);
    if (name === 'persistence') values.fill(this.rows.newestBefore(cut));
    else this.fillSeasonal(values, refTime, cut, PERIODS[name]);
    return values.some(Number.isNaN) ? null : values;
  }

  /** The output's own values one or more whole periods earlier. */
  private fillSeasonal(values: Float64Array, refTime: number, cut: number, period: number): void {
    const { settings, rows } = this;
    if (settings.dataForm === 'currentValue') {
      const cell = minutesUs(this.steps.referenceStepMin);
      values.fill(newestKnown((shift) => this.pointValue(refTime - shift, refTime - cell - shift, cut), period));
    } else if (settings.horizonMean) {
      const [start, end] = [refTime + this.shape.startUs, refTime + this.shape.endUs];
      values.fill(newestKnown((shift) => rows.horizonMean(start - shift, end - shift, cut), period));
    } else {
      for (let step = 0; step < values.length; step += 1) {
        const instant = refTime + this.offsets[step]!;
        const before = refTime + this.cellStarts[step]!;
        values[step] = newestKnown((shift) => this.pointValue(instant - shift, before - shift, cut), period);
        if (Number.isNaN(values[step])) return;
      }
    }
  }

  private pointValue(instant: number, cellStart: number, cut: number): Reading {
    switch (this.settings.alignment) {
      case 'linear':
        return this.rows.linear(instant, cut);
      case 'mean':
        return this.rows.cellMean(cellStart, instant, cut);
      case 'nearest':
        return this.rows.nearest(instant, cut);
    }
  }
}

/** The reading of the smallest whole number of periods back that needs no row from the cut on. Ends: readings before the first row are NaN. */
function newestKnown(read: (shift: number) => Reading, period: number): number {
  for (let shift = period; ; shift += period) {
    const reading = read(shift);
    if (reading !== 'tooLate') return reading;
  }
}
