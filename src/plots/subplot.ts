import type { SKRSContext2D } from '@napi-rs/canvas';
import { numberTicks, timeTexts, timeTicks } from '../domain/plots';
import type { PlotAxis, Subplot, TestSetFigure } from '../domain/plots';
import { points } from './canvas';
import { strokeLine } from './lines';
import { axisRange, linesOf, referenceRange } from './subplotLayout';
import type { SubplotLayout } from './subplotLayout';
import { fontOf, TICK, TICK_PADDING, tickLabels } from './tickLabels';
import type { Range } from './tickLabels';

const FRAME_WIDTH = points(0.8);
const REFERENCE_DASH = [3.7, 1.6];
/** Half the width of an x-axis that shows one point only: half an hour, one step. */
const POINT_WIDTH = { time: 1_800_000_000, step: 1 };

/** Draws one subplot at the origin of the context. */
export function drawSubplot(context: SKRSContext2D, figure: TestSetFigure, subplot: Subplot, layout: SubplotLayout): void {
  const { plot } = layout;
  const rangeX = referenceRange(subplot, POINT_WIDTH[figure.xAxis]);
  const toX = (x: number): number => plot.left + ((x - rangeX.low) / (rangeX.high - rangeX.low)) * plot.width;
  const ranges = figure.axes.map((_, axis) => axisRange(linesOf(subplot, axis)));
  const toY = (y: number, { low, high }: Range): number => plot.top + (1 - (y - low) / (high - low)) * plot.height;

  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  drawReference(context, toX(subplot.reference), layout);
  // forecasts first: the truth is never hidden by them
  const inOrder = [...subplot.lines].sort((a, b) => Number(b.kind === 'forecast') - Number(a.kind === 'forecast'));
  for (const line of inOrder) {
    const range = ranges[line.axis] ?? { low: 0, high: 1 };
    strokeLine(
      context,
      line,
      line.x.map(toX),
      line.y.map((y) => toY(y, range)),
    );
  }
  context.restore();

  drawTitle(context, subplot.title, layout);
  drawAxisX(context, figure, rangeX, toX, layout);
  figure.axes.forEach((axis, k) => drawAxisY(context, axis, ranges[k]!, (y) => toY(y, ranges[k]!), layout));
  if (figure.axes.some(({ color }) => color === null)) drawFrame(context, layout);
}

function drawReference(context: SKRSContext2D, x: number, { plot }: SubplotLayout): void {
  context.save();
  context.strokeStyle = 'black';
  context.lineWidth = points(1);
  context.setLineDash(REFERENCE_DASH.map((length) => length * points(1)));
  stroke(context, [x, plot.top], [x, plot.top + plot.height]);
  context.restore();
}

/** Centred above the plot area, as far as the cell allows. */
function drawTitle(context: SKRSContext2D, title: string, { cell, plot, titleSize }: SubplotLayout): void {
  context.font = fontOf(titleSize);
  context.fillStyle = 'black';
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const half = context.measureText(title).width / 2;
  const centre = Math.max(Math.min(plot.left + plot.width / 2, cell.width - half), half);
  context.fillText(title, centre, plot.top - titleSize * 0.6);
}

function drawAxisX(
  context: SKRSContext2D,
  { xAxis }: TestSetFigure,
  { low, high }: Range,
  toX: (x: number) => number,
  layout: SubplotLayout,
): void {
  const { plot } = layout;
  const { size } = layout.labels;
  const bottom = plot.top + plot.height;
  const most = Math.max(Math.min(Math.floor(plot.width / (size * 3)), 12), 2);
  const ticks = xAxis === 'time' ? timeTicks(low, high, most) : numberTicks(low, high, most, true);
  const texts = xAxis === 'time' ? timeTexts(ticks) : ticks.map((tick) => String(tick).replace('-', '\u2212'));
  context.strokeStyle = 'black';
  context.fillStyle = 'black';
  context.lineWidth = FRAME_WIDTH;
  stroke(context, [plot.left, bottom], [plot.left + plot.width, bottom]);
  context.font = fontOf(size);
  ticks.forEach((tick, k) => {
    const x = toX(tick);
    stroke(context, [x, bottom], [x, bottom + TICK]);
    context.save();
    context.translate(x, bottom + TICK + TICK_PADDING);
    if (xAxis === 'time') {
      context.translate(size * 0.3, 0);
      context.rotate(-Math.PI / 4);
      context.textAlign = 'right';
      context.textBaseline = 'middle';
    } else {
      context.textAlign = 'center';
      context.textBaseline = 'top';
    }
    context.fillText(texts[k]!, 0, 0);
    context.restore();
  });
}

function drawAxisY(context: SKRSContext2D, axis: PlotAxis, range: Range, toY: (y: number) => number, layout: SubplotLayout): void {
  const { plot, axisDistance, labels } = layout;
  const { upright } = labels;
  const outward = axis.side === 'left' ? -1 : 1;
  const x = (axis.side === 'left' ? plot.left : plot.left + plot.width) + outward * axis.place * axisDistance;
  context.strokeStyle = axis.color ?? 'black';
  context.fillStyle = axis.color ?? 'black';
  context.lineWidth = FRAME_WIDTH;
  stroke(context, [x, plot.top], [x, plot.top + plot.height]);
  context.font = fontOf(labels.size);
  const { ticks, texts, exponent } = tickLabels(context, range, labels);
  let free = Infinity; // height up to which upright labels have come
  ticks.forEach((tick, k) => {
    const y = toY(tick);
    const text = texts[k] ?? '';
    stroke(context, [x - TICK / 2, y], [x + TICK / 2, y]);
    const half = upright ? context.measureText(text).width / 2 : 0;
    const middle = Math.max(Math.min(y, plot.top + plot.height - half), plot.top + half);
    if (upright && middle + half > free) return;
    free = middle - half - 1;
    context.save();
    context.translate(x + outward * (TICK / 2 + (upright ? 1 : TICK_PADDING)), middle);
    if (upright) context.rotate(-Math.PI / 2);
    context.textAlign = upright ? 'center' : axis.side === 'left' ? 'right' : 'left';
    context.textBaseline = upright ? (axis.side === 'left' ? 'bottom' : 'top') : 'middle';
    context.fillText(text, 0, 0);
    context.restore();
  });
  if (exponent !== 0) {
    context.textAlign = axis.side === 'left' ? 'right' : 'left';
    context.textBaseline = 'bottom';
    context.fillText(`1e${exponent}`, x, plot.top - 2);
  }
}

/** The two sides of the frame that have no axis of their own, where one axis serves all lines. */
function drawFrame(context: SKRSContext2D, { plot }: SubplotLayout): void {
  context.strokeStyle = 'black';
  context.lineWidth = FRAME_WIDTH;
  context.strokeRect(plot.left, plot.top, plot.width, plot.height);
}

function stroke(context: SKRSContext2D, from: readonly [number, number], to: readonly [number, number]): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
