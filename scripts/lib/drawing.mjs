// Small line drawings on the service's canvas, with its bundled font.
import { createRequire } from 'node:module';
import { inRoot } from './paths.mjs';

const load = createRequire(import.meta.url);
const { createDrawing, encode, FONT_FAMILY } = load(inRoot('dist/plots/canvas.js'));

export const picture = (width, height) => createDrawing(Math.round(width), Math.round(height), 'png');
export const save = (canvas, name) => ({ name, bytes: encode(canvas) });

/** A place with two axes on a picture; x and y are [low, high] in data units. */
export function axes(canvas, { left, top, width, height }, { x, y, title, small = false }) {
  const context = canvas.getContext('2d');
  const px = (value) => left + ((value - x[0]) / (x[1] - x[0])) * width;
  const py = (value) => top + height - ((value - y[0]) / (y[1] - y[0])) * height;
  const text = (words, at, { align = 'center', size = 12, bold = false, color = 'black' } = {}) => {
    context.font = `${bold ? 'bold ' : ''}${size}px "${FONT_FAMILY}"`;
    context.fillStyle = color;
    context.textAlign = align;
    context.fillText(words, ...at);
  };
  const inside = (draw) => {
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    draw();
    context.restore();
  };
  let legends = 0;
  text(title, [left, top - 10], { align: 'left', size: small ? 12 : 13, bold: true });
  return {
    /** a stretch of the x axis */
    band(from, to, color, opacity) {
      inside(() => {
        context.globalAlpha = opacity;
        context.fillStyle = color;
        context.fillRect(px(from), top, px(to) - px(from), height);
      });
    },
    line(data, color, lineWidth, dash = []) {
      inside(() => {
        context.strokeStyle = color;
        context.lineWidth = lineWidth;
        context.setLineDash(dash);
        context.beginPath();
        data.forEach(([at, value], k) => (k === 0 ? context.moveTo(px(at), py(value)) : context.lineTo(px(at), py(value))));
        context.stroke();
      });
    },
    dots(data, color, radius) {
      inside(() => {
        context.fillStyle = color;
        for (const [at, value] of data) {
          context.beginPath();
          context.arc(px(at), py(value), radius, 0, 2 * Math.PI);
          context.fill();
        }
      });
    },
    vertical(at, color, words) {
      this.line([[at, y[0]], [at, y[1]]], color, 1.5, [6, 4]); // prettier-ignore
      text(words, [px(at) + 5, top + 14], { align: 'left' });
    },
    label: (words, at) => text(words, [px(at), top + 16], { bold: true }),
    legend(words, color, dash) {
      const row = top + 14 + 15 * legends++;
      context.save();
      context.strokeStyle = color;
      context.lineWidth = 2;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(left + width - 80, row - 4);
      context.lineTo(left + width - 60, row - 4);
      context.stroke();
      context.restore();
      text(words, [left + width - 55, row], { align: 'left', size: 11 });
    },
    /** box, numbers and the name of the x axis; drawn last, over everything */
    frame(xName) {
      context.strokeStyle = 'black';
      context.lineWidth = 1;
      context.setLineDash([]);
      context.strokeRect(left, top, width, height);
      for (const value of ticks(...x)) text(String(value), [px(value), top + height + 15], { size: 11 });
      for (const value of ticks(...y)) text(String(value), [left - 5, py(value) + 4], { align: 'right', size: 11 });
      text(xName, [left + width / 2, top + height + 31], { size: 11 });
    },
  };
}

/** Round numbers within a range, three to seven of them. */
function ticks(low, high) {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}
