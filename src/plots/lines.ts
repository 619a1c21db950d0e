import type { SKRSContext2D } from '@napi-rs/canvas';
import type { PlotLine } from '../domain/plots';
import { points } from './canvas';

const LINE_WIDTH = points(1);
/** matplotlib's dashed style, in line widths */
const DASH = [3.7, 1.6];
const DOT_SIZE = points(2);
const CROSS_SIZE = points(4);
/** markers nearer than this cannot be told apart */
const NEAREST = 0.5;

/**
 * Draws a line with its markers: round ones, for forecasts dashes and crosses. Points that are no numbers leave a gap.
 *
 * @param xs, ys  pixels
 * @param marked  indices of the points with a marker; all when absent
 */
export function strokeLine(
  context: SKRSContext2D,
  { kind, color }: Pick<PlotLine, 'kind' | 'color'>,
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  marked?: readonly number[],
): void {
  const forecast = kind === 'forecast';
  context.save();
  context.strokeStyle = color;
  context.lineWidth = LINE_WIDTH;
  context.lineJoin = 'round';
  context.setLineDash(forecast ? DASH.map((length) => length * LINE_WIDTH) : []);
  context.beginPath();
  let drawing = false;
  for (let k = 0; k < xs.length; k++) {
    const there = Number.isFinite(ys[k]);
    if (there && drawing) context.lineTo(xs[k]!, ys[k]!);
    else if (there) context.moveTo(xs[k]!, ys[k]!);
    drawing = there;
  }
  context.stroke();

  context.setLineDash([]);
  context.lineCap = forecast ? 'butt' : 'round';
  context.lineWidth = forecast ? LINE_WIDTH : DOT_SIZE;
  const addMarker = forecast ? addCross : addDot;
  context.beginPath();
  let last = -1;
  for (const k of marked ?? Array.from(xs, (_, index) => index)) {
    if (!Number.isFinite(ys[k])) continue;
    if (last >= 0 && Math.abs(xs[k]! - xs[last]!) < NEAREST && Math.abs(ys[k]! - ys[last]!) < NEAREST) continue;
    addMarker(context, xs[k]!, ys[k]!);
    last = k;
  }
  context.stroke();
  context.restore();
}

/** A stroke of no length with round ends is a dot: one path for all of them. */
function addDot(context: SKRSContext2D, x: number, y: number): void {
  context.moveTo(x, y);
  context.lineTo(x, y);
}

function addCross(context: SKRSContext2D, x: number, y: number): void {
  const reach = CROSS_SIZE / 2;
  context.moveTo(x - reach, y - reach);
  context.lineTo(x + reach, y + reach);
  context.moveTo(x - reach, y + reach);
  context.lineTo(x + reach, y - reach);
}
