import { createCanvas, loadImage } from '@napi-rs/canvas';

export interface Pixels {
  width: number;
  height: number;
  /** RGBA */
  data: Uint8Array;
}

/** A picture read by another decoder than the encoder under test; SVG is drawn at its own size. */
export async function pixelsOf(picture: Buffer): Promise<Pixels> {
  const image = await loadImage(picture);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { width, height } = image;
  return { width, height, data: new Uint8Array(context.getImageData(0, 0, width, height).data) };
}

/** left, top, right, bottom; the latter two outside */
export type Rectangle = readonly [number, number, number, number];

/** Number of pixels of exactly this colour (#rrggbb) within a rectangle; the whole picture when absent. */
export function countColor({ width, height, data }: Pixels, color: string, rectangle: Rectangle = [0, 0, width, height]): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const [left, top, right, bottom] = rectangle;
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * 4;
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b) count++;
    }
  }
  return count;
}
