import type { SKRSContext2D } from '@napi-rs/canvas';
import type { PlotAxis, PlotLine, Subplot, TestSetFigure } from '../domain/plots';
import { points } from './canvas';
import { fontOf, TICK, TICK_PADDING, tickLabels } from './tickLabels';
import type { LabelStyle, Range } from './tickLabels';

/** Distance of the axes of one side (pipeline.md 16.3, item 6) where the cell has room for it. */
const AXIS_DISTANCE = points(30);
/** share of a cell's width that axes may take before they move together and their labels stand upright … */
const AXES_SHARE = 0.55;
/** … and more of it only for the room an upright letter needs */
const LEAST_DISTANCE = points(9);
const LARGEST_AXES_SHARE = 0.7;
const TITLE_SIZE = points(10);
const LABEL_SIZE = points(8);
/** A cell of this size holds a title and labels of full size; in smaller ones letters shrink, at most to 60 %. */
const FULL_CELL = { width: 265, height: 170 };
const SMALLEST_TEXT = 0.6;
/** labels that would have to shrink further to stand between two axes are turned upright */
const SMALLEST_FLAT = 0.8;
const CELL_GAP = points(8);
/** matplotlib leaves 5 % of the data's extent free on every side */
const DATA_MARGIN = 0.05;

/** The measures all subplots of a figure share, in pixels within a cell. */
export interface SubplotLayout {
  cell: { width: number; height: number };
  plot: { left: number; top: number; width: number; height: number };
  titleSize: number;
  /** between the axes of a side */
  axisDistance: number;
  labels: LabelStyle;
}

/** Finds the largest plot area that leaves room for the labels of every subplot. */
export function subplotLayout(context: SKRSContext2D, figure: TestSetFigure, cell: { width: number; height: number }): SubplotLayout {
  const shrink = Math.max(Math.min(cell.width / FULL_CELL.width, cell.height / FULL_CELL.height, 1), SMALLEST_TEXT);
  const titleSize = TITLE_SIZE * shrink;
  const top = titleSize * 1.9;
  const bottom = TICK + TICK_PADDING + LABEL_SIZE * shrink * (figure.xAxis === 'time' ? 3.1 : 1.6);
  const height = cell.height - top - bottom;

  const count = { left: countOf(figure.axes, 'left'), right: countOf(figure.axes, 'right') };
  const share = cell.width / figure.axes.length;
  const roomy = Math.max(AXES_SHARE * share, Math.min(LEAST_DISTANCE, LARGEST_AXES_SHARE * share));
  const axisDistance = Math.min(AXIS_DISTANCE, roomy);
  const aside = TICK / 2 + TICK_PADDING;
  const flat = { size: LABEL_SIZE * shrink, upright: false, height };
  const widest = widestLabel(context, figure, flat);
  const crowded = count.left > 1 || count.right > 1;
  const fitting = crowded ? Math.min((axisDistance - aside - 2) / widest, 1) : 1;
  const labels =
    fitting < SMALLEST_FLAT
      ? { ...flat, size: Math.min(flat.size, (axisDistance - TICK / 2 - 2) / 1.15), upright: true }
      : { ...flat, size: flat.size * fitting };
  const labelWidth = labels.upright ? labels.size : widest * fitting;
  const sideWidth = (axes: number): number => (axes === 0 ? 0 : (axes - 1) * axisDistance + aside + labelWidth);
  const left = CELL_GAP / 2 + sideWidth(count.left);
  const right = CELL_GAP + sideWidth(count.right);
  return {
    cell,
    plot: { left, top, width: Math.max(cell.width - left - right, 1), height },
    titleSize,
    axisDistance,
    labels,
  };
}

/** Extent of all lines of an axis, with a margin. */
export function axisRange(lines: readonly PlotLine[]): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const { y } of lines) {
    for (const value of y) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { low: 0, high: 1 };
  return widened(low, high, Math.abs(low) * DATA_MARGIN || DATA_MARGIN);
}

/** Extent of a subplot in x; the reference is always inside. */
export function referenceRange({ lines, reference }: Subplot, whenPoint: number): Range {
  let [low, high] = [reference, reference];
  for (const { x } of lines) {
    low = Math.min(low, x[0] ?? low, x[x.length - 1] ?? low);
    high = Math.max(high, x[0] ?? high, x[x.length - 1] ?? high);
  }
  return widened(low, high, whenPoint);
}

/** @param whenPoint  half the width given to an extent of none */
function widened(low: number, high: number, whenPoint: number): Range {
  const margin = high > low ? (high - low) * DATA_MARGIN : whenPoint;
  return { low: low - margin, high: high + margin };
}

export const linesOf = (subplot: Subplot, axis: number): PlotLine[] => subplot.lines.filter((line) => line.axis === axis);

function widestLabel(context: SKRSContext2D, { subplots, axes }: TestSetFigure, style: LabelStyle): number {
  context.font = fontOf(style.size);
  let widest = 0;
  for (const subplot of subplots) {
    axes.forEach((_, axis) => {
      const { texts } = tickLabels(context, axisRange(linesOf(subplot, axis)), style);
      for (const text of texts) widest = Math.max(widest, context.measureText(text).width);
    });
  }
  return widest;
}

const countOf = (axes: readonly PlotAxis[], side: PlotAxis['side']): number => axes.filter((axis) => axis.side === side).length;
