import { timeFeatureNames } from '../calendar';
import type { ColumnWindows } from '../dataset/types';
import { scaleValue, unscaleValue } from '../scaling';
import type { ScalerDocument, ScalerSide } from '../scaling';
import { formatUtc } from '../series';
import type { TestSetPlotSettings } from '../settings';
import type { StepConfig, TimeGroupSettings } from '../settings/types';
import { seriesShape, timeGroupShape, windowOffsets } from '../windows';
import type { HorizonSettings } from '../windows';
import { columnColor } from './colors';
import { assignAxes } from './plotAxes';
import type { PlotAxis } from './plotAxes';

/** One line of a subplot; `x` in µs since 1970 or in steps from the reference, `y` in original or scaled units. */
export interface PlotLine {
  kind: 'input' | 'time' | 'output' | 'forecast';
  name: string;
  color: string;
  /** index among the figure's axes */
  axis: number;
  x: Float64Array;
  y: Float64Array;
}

export interface Subplot {
  title: string;
  /** where the reference time stands on the x-axis */
  reference: number;
  lines: PlotLine[];
}

/** Everything a test-set plot shows, without a pixel (pipeline.md 16.3). */
export interface TestSetFigure {
  xAxis: TestSetPlotSettings['xAxis'];
  /** of every subplot alike */
  axes: PlotAxis[];
  subplots: Subplot[];
}

/** One side of a {@link PlottedDataset}; the indices of windows are those of its reference times. */
interface PlottedBlock {
  readonly steps: number;
  readonly columns: readonly Pick<ColumnWindows, 'name' | 'kind' | 'value'>[];
}

/** What a plot needs of a dataset: all of a built one, or only the windows a run has stored. */
export interface PlottedDataset {
  readonly settings: {
    readonly series: readonly HorizonSettings[];
    readonly steps: StepConfig;
    readonly time: { readonly groups: readonly TimeGroupSettings[] };
  };
  /** µs */
  readonly refTimes: Float64Array;
  readonly input: PlottedBlock;
  readonly output: PlottedBlock;
}

/** The drawn windows and what the run says about them. */
export interface DrawnWindows {
  /** indices into the dataset, in drawn order */
  windows: ArrayLike<number>;
  scalers: ScalerDocument;
  /** stored scaled forecasts of these windows, (window, step, output); may be empty when none is selected */
  forecast: Float64Array;
}

/** @throws RangeError when forecasts are selected and do not fit the windows */
export function testSetFigure(dataset: PlottedDataset, drawn: DrawnWindows, settings: TestSetPlotSettings): TestSetFigure {
  const { output, refTimes } = dataset;
  const { windows, forecast } = drawn;
  if (settings.selection.forecast.length > 0 && forecast.length !== windows.length * output.steps * output.columns.length)
    throw new RangeError('the stored forecasts do not fit the drawn windows');
  const { axes, axisOf } = assignAxes(settings, dataset.input.columns.length);
  const sources = lineSources(dataset, drawn, settings);
  const subplots = Array.from(windows, (window, position): Subplot => {
    const ref = refTimes[window] ?? NaN;
    const reference = settings.xAxis === 'time' ? ref : 0;
    const lines = sources.map(({ kind, name, column, offsets, valueAt }): PlotLine => {
      const y = Float64Array.from(offsets, (_, step) => valueAt(window, step, position));
      return { kind, name, color: columnColor(column), axis: axisOf(column), x: offsets.map((offset) => reference + offset), y };
    });
    return { title: `UTC: ${formatUtc(ref)}`, reference, lines };
  });
  return { xAxis: settings.xAxis, axes, subplots };
}

/** A line of every subplot. */
interface LineSource {
  kind: PlotLine['kind'];
  name: string;
  /** colour index: input columns, then outputs */
  column: number;
  /** x of its points relative to the reference */
  offsets: Float64Array;
  /** @param position  number of the subplot */
  valueAt: (window: number, step: number, position: number) => number;
}

/** Selected inputs, outputs and forecasts, in this order (also that of the legend). */
function lineSources(dataset: PlottedDataset, drawn: DrawnWindows, { selection, xAxis, units }: TestSetPlotSettings): LineSource[] {
  const { input, output } = dataset;
  const scaled = units === 'scaled';
  const offsets = (block: PlottedBlock, index: number) =>
    xAxis === 'time' ? windowInstants(dataset, block, index) : stepNumbers(block.steps, block === input ? 1 - block.steps : 0);
  const measured = (block: PlottedBlock, scalers: ScalerSide, index: number): LineSource['valueAt'] => {
    const column = block.columns[index]!;
    const scaler = scaled ? scalers[index] : null;
    return (window, step) => scaleValue(scaler, column.value(window, step));
  };
  const forecastOf = (index: number): LineSource['valueAt'] => {
    const width = output.columns.length;
    const scaler = scaled ? null : drawn.scalers.output[index];
    return (_, step, position) => unscaleValue(scaler, drawn.forecast[(position * output.steps + step) * width + index] ?? NaN);
  };
  const outputSource = (index: number) => ({ column: input.columns.length + index, offsets: offsets(output, index) });
  return [
    ...selection.input.map((index): LineSource => {
      const { kind, name } = input.columns[index]!;
      const [lineKind, prefix] = kind === 'time' ? (['time', 'TIME'] as const) : (['input', 'IN'] as const);
      const valueAt = measured(input, drawn.scalers.input, index);
      return { kind: lineKind, name: `${prefix}: ${name}`, column: index, offsets: offsets(input, index), valueAt };
    }),
    ...selection.output.map((index): LineSource => {
      const valueAt = measured(output, drawn.scalers.output, index);
      return { kind: 'output', name: `OUT: ${output.columns[index]!.name}`, ...outputSource(index), valueAt };
    }),
    ...selection.forecast.map((index): LineSource => {
      return { kind: 'forecast', name: `FCST: ${output.columns[index]!.name}`, ...outputSource(index), valueAt: forecastOf(index) };
    }),
  ];
}

/** Instants of a column's window relative to the reference time, µs; 0 throughout for Aktueller Wert and Aktuelle Zeit. */
function windowInstants({ settings, input }: PlottedDataset, block: PlottedBlock, index: number): Float64Array {
  const { series, steps, time } = settings;
  const { kind, name } = block.columns[index]!;
  if (kind === 'time') {
    const group = time.groups.find((one) => timeFeatureNames(one.group).includes(name));
    if (!group) throw new RangeError(`no time group has a column "${name}"`);
    return windowOffsets(timeGroupShape(group, steps));
  }
  const role = block === input ? 'input' : 'output';
  const own = series.filter((one) => one.role === role)[index];
  if (!own) throw new RangeError(`no ${role} series has the column "${name}"`);
  return windowOffsets(seriesShape(own, steps));
}

const stepNumbers = (count: number, first: number): Float64Array => Float64Array.from({ length: count }, (_, k) => first + k);
