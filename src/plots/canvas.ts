import path from 'node:path';
import { createCanvas, GlobalFonts, SvgExportFlag } from '@napi-rs/canvas';
import type { Canvas, SvgCanvas } from '@napi-rs/canvas';
import { encodePng } from './png';
import type { PlotFormat } from './types';

/** The font matplotlib uses; bundled, because a server may have no fonts at all and text would vanish. */
export const FONT_FAMILY = 'DejaVu Sans';
const DOTS_PER_INCH = 100;

/** Typographic points to pixels at the pictures' resolution. */
export const points = (pt: number): number => (pt * DOTS_PER_INCH) / 72;
/** Inches to pixels at the pictures' resolution. */
export const inches = (inch: number): number => Math.round(inch * DOTS_PER_INCH);

let fontsLoaded = false;
function loadFonts(): void {
  if (fontsLoaded) return;
  const folder = path.join(path.dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) GlobalFonts.registerFromPath(path.join(folder, file), FONT_FAMILY);
  fontsLoaded = true;
}

export const MIME = { png: 'image/png', svg: 'image/svg+xml' } as const;

export type DrawingCanvas = Canvas | SvgCanvas;

/** A white canvas of the given format, with the bundled font at hand. SVG text becomes paths, so that it looks the same everywhere. */
export function createDrawing(width: number, height: number, format: PlotFormat): DrawingCanvas {
  loadFonts();
  const canvas = format === 'svg' ? createCanvas(width, height, SvgExportFlag.ConvertTextToPaths) : createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  return canvas;
}

/** The finished picture's bytes. */
export const encode = (canvas: DrawingCanvas): Buffer => ('getContent' in canvas ? canvas.getContent() : encodePng(canvas));
