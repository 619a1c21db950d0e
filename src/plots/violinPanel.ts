import { BarController, BarElement, CategoryScale, Chart, LinearScale, Title } from 'chart.js';
import type { Plugin } from 'chart.js';
import { Violin as ViolinElement, ViolinController } from '@sgratzl/chartjs-chart-boxplot';
import { alignedTexts, desaturate, outlineGrey } from '../domain/plots';
import type { Violin } from '../domain/plots';
import { FONT_FAMILY, createDrawing, points } from './canvas';
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { DrawingCanvas } from './canvas';
import type { PlotFormat } from './types';

Chart.register(ViolinController, ViolinElement, BarController, BarElement, CategoryScale, LinearScale, Title);

/** Seaborn's look: share of the category's width, saturation of the face, widths and dashes of the lines. */
const VIOLIN_WIDTH = 0.8;
const FACE_SATURATION = 0.75;
const LINE_WIDTH = points(1.5);
/** dash patterns in line widths: longer for the median */
const DASH = { quartile: [1.25, 0.75], median: [2.5, 1] } as const;
/** matplotlib leaves 5 % of the data's height free above and below */
const AXIS_MARGIN = 0.05;

export interface Panel {
  violin: Violin;
  title: string;
  yLabel: string | null;
  color: string;
}

/** Draws one violin with its axes on a canvas of its own. */
export function drawViolinPanel(panel: Panel, width: number, height: number, format: PlotFormat): DrawingCanvas {
  const canvas = createDrawing(width, height, format);
  const range = axisRange(panel.violin);
  const font = { family: FONT_FAMILY, size: points(10) };
  const chart = new Chart(canvas, {
    type: 'violin',
    data: {
      labels: [''],
      datasets: [
        {
          data: panel.violin.support.length > 0 ? [violinItem(panel.violin)] : [],
          backgroundColor: desaturate(panel.color, FACE_SATURATION),
          borderWidth: 0, // would be stroked first and half covered by the face; outlined afterwards
          barPercentage: VIOLIN_WIDTH,
          categoryPercentage: 1,
          meanRadius: 0,
        } as never,
      ],
    },
    options: {
      responsive: false,
      animation: false,
      devicePixelRatio: 1,
      layout: { padding: { top: points(4), right: points(8), bottom: points(8), left: points(4) } },
      plugins: {
        title: {
          display: true,
          fullSize: false, // centred above the plot area, not above the picture
          text: panel.title,
          color: 'black',
          font: { family: FONT_FAMILY, size: points(12), weight: 'normal' },
          padding: points(6),
        },
      },
      scales: {
        x: { border: { display: false }, grid: { display: false }, ticks: { display: false } },
        y: {
          ...range,
          border: { display: false },
          title: { display: panel.yLabel !== null, text: panel.yLabel ?? '', color: 'black', font },
          grid: { drawOnChartArea: false, drawTicks: true, tickColor: 'black', tickLength: points(3.5), tickWidth: points(0.8) },
          ticks: {
            color: 'black',
            font,
            includeBounds: false,
            padding: points(3.5),
            maxTicksLimit: 9,
            callback: (_, index, ticks) => alignedTexts(ticks.map(({ value }) => value))[index],
          },
        },
      },
    },
    plugins: [background, outlineAndQuartiles(panel), frame],
  });
  chart.draw();
  // destroy() would clear the canvas; only the library's own register of charts must let go
  Reflect.deleteProperty(Chart.instances, chart.id);
  return canvas;
}

/** The violin plugin's own item form; with an outline given it computes nothing itself. */
function violinItem({ min, max, quartiles: [q1, median, q3], support, density }: Violin): unknown {
  return {
    min,
    max,
    q1,
    median,
    q3,
    outliers: [],
    items: [],
    maxEstimate: 1,
    coords: Array.from(support, (v, k) => ({ v, estimate: density[k] ?? 0 })),
  };
}

function axisRange({ min, max, support }: Violin): { min: number; max: number } {
  const low = support[0] ?? min;
  const high = support[support.length - 1] ?? max;
  // constant data has no height: matplotlib widens the axis around the line
  const margin = high > low ? (high - low) * AXIS_MARGIN : Math.abs(low) * AXIS_MARGIN || AXIS_MARGIN;
  return { min: low - margin, max: high + margin };
}

/** chart.js names a browser's context; the canvas's own is what it draws on. */
const contextOf = (chart: { ctx: unknown }): SKRSContext2D => chart.ctx as SKRSContext2D;

/** The edge, centred on the shape's border, and the quartiles as dashed lines inside; a single line for constant data. */
const outlineAndQuartiles = ({ violin, color }: Panel): Plugin => ({
  id: 'outlineAndQuartiles',
  afterDatasetsDraw(chart) {
    const { chartArea, scales } = chart;
    const ctx = contextOf(chart);
    const y = scales['y'];
    if (!y) return;
    const centre = (chartArea.left + chartArea.right) / 2;
    const halfWidth = ((chartArea.right - chartArea.left) * VIOLIN_WIDTH) / 2;
    ctx.save();
    ctx.strokeStyle = outlineGrey(color);
    ctx.lineWidth = LINE_WIDTH;
    const { support, density } = violin;
    ctx.beginPath();
    support.forEach((value, k) => ctx.lineTo(centre - halfWidth * (density[k] ?? 0), y.getPixelForValue(value)));
    for (let k = support.length - 1; k >= 0; k--) ctx.lineTo(centre + halfWidth * (density[k] ?? 0), y.getPixelForValue(support[k] ?? 0));
    ctx.closePath();
    ctx.stroke();
    const line = (value: number, share: number, dash: readonly number[]): void => {
      ctx.setLineDash(dash.map((length) => length * LINE_WIDTH));
      ctx.beginPath();
      ctx.moveTo(centre - halfWidth * share, y.getPixelForValue(value));
      ctx.lineTo(centre + halfWidth * share, y.getPixelForValue(value));
      ctx.stroke();
    };
    if (support.length === 0) line(violin.min, 1, []);
    else violin.quartiles.forEach((value, k) => line(value, densityAt(violin, value), k === 1 ? DASH.median : DASH.quartile));
    ctx.restore();
  },
});

/** Linear interpolation of the density, so that a line ends at the outline. */
function densityAt({ support, density }: Violin, value: number): number {
  const first = support[0] ?? 0;
  const step = (support[1] ?? 1) - first;
  const at = Math.min(Math.max((value - first) / step, 0), density.length - 1);
  const below = density[Math.floor(at)] ?? 0;
  return below + ((density[Math.ceil(at)] ?? below) - below) * (at - Math.floor(at));
}

/** White again: drawing begins by clearing the canvas. */
const background: Plugin = {
  id: 'background',
  beforeDraw(chart) {
    const ctx = contextOf(chart);
    ctx.fillStyle = 'white';
    ctx.fillRect(0, 0, chart.width, chart.height);
  },
};

/** A thin black box around the plot area, as matplotlib draws its spines. */
const frame: Plugin = {
  id: 'frame',
  afterDraw(chart) {
    const { left, top, width, height } = chart.chartArea;
    const ctx = contextOf(chart);
    ctx.save();
    ctx.strokeStyle = 'black';
    ctx.lineWidth = points(0.8);
    ctx.setLineDash([]);
    ctx.strokeRect(left, top, width, height);
    ctx.restore();
  },
};
