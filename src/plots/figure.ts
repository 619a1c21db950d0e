import { FONT_FAMILY, createDrawing, encode, inches, points } from './canvas';
import { drawViolinPanel } from './violinPanel';
import type { Panel } from './violinPanel';
import type { PlotFormat } from './types';

const FIGURE_HEIGHT = inches(6);
const PANEL_WIDTH_INCH = 2;
const MIN_WIDTH_INCH = 3;
const TITLE_SIZE = points(15);
const TITLE_LINE = TITLE_SIZE * 1.25;

/** One figure of n panels side by side, max(2·n, 3) × 6 inches, below a bold title of several lines. */
export function composeFigure(title: readonly string[], panels: readonly Panel[], format: PlotFormat): Buffer {
  const width = inches(Math.max(PANEL_WIDTH_INCH * panels.length, MIN_WIDTH_INCH));
  const header = Math.ceil(TITLE_LINE * title.length + TITLE_SIZE * 0.6);
  const canvas = createDrawing(width, FIGURE_HEIGHT, format);
  const context = canvas.getContext('2d');
  context.fillStyle = 'black';
  context.font = `bold ${TITLE_SIZE}px "${FONT_FAMILY}"`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  title.forEach((line, k) => context.fillText(line, width / 2, TITLE_SIZE * 0.4 + k * TITLE_LINE));
  const panelWidth = width / panels.length;
  const drawings = panels.map((panel) => drawViolinPanel(panel, Math.floor(panelWidth), FIGURE_HEIGHT - header, format));
  if (format === 'svg') return nestSvg(encode(canvas), drawings.map(encode), panelWidth, header);
  drawings.forEach((drawing, k) => context.drawImage(drawing as never, Math.round(k * panelWidth), header));
  return encode(canvas);
}

/** SVG panels stay vectors: each becomes a nested <svg> at its place. */
function nestSvg(figure: Buffer, panels: readonly Buffer[], panelWidth: number, top: number): Buffer {
  const nested = panels.map((panel, k) =>
    uniqueIds(panel.toString('utf8'), k)
      .replace(/<\?xml[^>]*\?>\s*/, '')
      .replace('<svg ', `<svg x="${(k * panelWidth).toFixed(1)}" y="${top}" `),
  );
  return Buffer.from(figure.toString('utf8').replace('</svg>', `${nested.join('\n')}\n</svg>`));
}

/** Ids (clip paths) count from the same start in every panel; in one document they must differ. */
const uniqueIds = (svg: string, panel: number): string =>
  svg
    .replace(/\bid="([^"]+)"/g, `id="p${panel}_$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#p${panel}_$1)`)
    .replace(/href="#([^"]+)"/g, `href="#p${panel}_$1"`);
