import type { SKRSContext2D } from '@napi-rs/canvas';
import { numberTexts, numberTicks } from '../domain/plots';
import { FONT_FAMILY, points } from './canvas';

export const TICK = points(3.5);
export const TICK_PADDING = points(3);
const MOST_TICKS = 9;
const MOST_UPRIGHT_TICKS = 7;

export const fontOf = (size: number): string => `${size}px "${FONT_FAMILY}"`;

export interface Range {
  low: number;
  high: number;
}

/** How the labels of y-axes are set; pixels. */
export interface LabelStyle {
  size: number;
  /** read from below */
  upright: boolean;
  /** of the axis */
  height: number;
}

/**
 * Ticks of a y-axis with labels that do not touch, `exponent` being their common power of ten (0 = none). Upright labels carry it themselves.
 * The context's font is that of the labels.
 */
export function tickLabels(
  context: SKRSContext2D,
  { low, high }: Range,
  { size, upright, height }: LabelStyle,
): { ticks: number[]; texts: string[]; exponent: number } {
  if (!upright) {
    const ticks = numberTicks(low, high, Math.max(Math.min(Math.floor(height / (size * 2.2)), MOST_TICKS), 2));
    return { ticks, ...numberTexts(ticks) };
  }
  for (let most = MOST_UPRIGHT_TICKS; ; most--) {
    const ticks = numberTicks(low, high, most);
    const { texts: bare, exponent } = numberTexts(ticks);
    const texts = exponent === 0 ? bare : bare.map((text) => `${text}e${exponent}`);
    const length = texts.reduce((sum, text) => sum + context.measureText(text).width + size, 0);
    if (length <= height || most === 2) return { ticks, texts, exponent: 0 };
  }
}
