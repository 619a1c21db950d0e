import { subplotGrid, testSetFigure } from '../domain/plots';
import type { DrawnWindows, PlottedDataset } from '../domain/plots';
import type { TestSetPlotSettings } from '../domain/settings';
import { FONT_FAMILY, MIME, createDrawing, encode, inches, points } from './canvas';
import { drawLegend, legendLayout } from './legend';
import { drawSubplot } from './subplot';
import { subplotLayout } from './subplotLayout';
import type { Picture } from './types';

const WIDTH = inches(20);
const HEIGHT = inches(13);
const MARGIN = points(10);
const TITLE = 'Auswertung der Testdatensätze';
const TITLE_SIZE = points(20);

/**
 * Draws test windows of a run beside each other (pipeline.md 16.3). CPU-bound: call it in a worker thread.
 *
 * Drawn on the canvas directly: chart.js puts the axes of a side one behind the other, each as wide as its labels, and needs a chart
 * with a layout of its own for each of up to 100 subplots; here the axes stand at fixed distances, and all subplots share one layout.
 *
 * @param dataset  the run's dataset or the windows it has stored, unscaled
 * @throws RangeError when forecasts are selected and do not fit the windows
 */
export function renderTestSet(dataset: PlottedDataset, drawn: DrawnWindows, settings: TestSetPlotSettings): Picture {
  const figure = testSetFigure(dataset, drawn, settings);
  const canvas = createDrawing(WIDTH, HEIGHT, settings.format);
  const context = canvas.getContext('2d');

  context.fillStyle = 'black';
  context.font = `bold ${TITLE_SIZE}px "${FONT_FAMILY}"`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.fillText(TITLE, WIDTH / 2, MARGIN);

  const legend = legendLayout(context, figure.subplots[0]?.lines ?? [], WIDTH - 2 * MARGIN);
  const legendTop = MARGIN + TITLE_SIZE * 1.4;
  drawLegend(context, legend, WIDTH / 2, legendTop);

  const top = legendTop + legend.height + MARGIN;
  const { rows, columns } = subplotGrid(figure.subplots.length);
  const cell = { width: (WIDTH - 2 * MARGIN) / columns, height: (HEIGHT - top - MARGIN / 2) / rows };
  const layout = subplotLayout(context, figure, cell);
  figure.subplots.forEach((subplot, k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    context.save();
    context.translate(MARGIN + column * cell.width, top + row * cell.height);
    drawSubplot(context, figure, subplot, layout);
    context.restore();
  });
  return { mime: MIME[settings.format], image: encode(canvas) };
}
