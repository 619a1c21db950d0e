import type { SKRSContext2D } from '@napi-rs/canvas';
import type { PlotLine } from '../domain/plots';
import { FONT_FAMILY, points } from './canvas';
import { strokeLine } from './lines';

const SIZE = points(8);
const FONT = `${SIZE}px "${FONT_FAMILY}"`;
/** matplotlib's distances, in letter heights: sample line, gap behind it, gap between entries, line spacing, inner margin */
const HANDLE = 2 * SIZE;
const HANDLE_GAP = 0.8 * SIZE;
const ENTRY_GAP = 2 * SIZE;
const LINE_HEIGHT = 1.5 * SIZE;
const PADDING = 0.5 * SIZE;
const LONGEST_TEXT = 40 * SIZE;
/** so many lines leave half of the figure to the plots; entries beyond them are left out with an ellipsis */
const MOST_LINES = 36;

interface Entry {
  line: PlotLine | null;
  text: string;
  width: number;
}

export interface LegendLayout {
  rows: Entry[][];
  width: number;
  height: number;
}

/** Sets the names of the lines in as few centred rows as the width allows. */
export function legendLayout(context: SKRSContext2D, lines: readonly PlotLine[], mostWidth: number): LegendLayout {
  context.font = FONT;
  const rows: Entry[][] = [[]];
  let used = 0;
  for (const line of lines) {
    const text = shortened(context, line.name);
    const width = HANDLE + HANDLE_GAP + context.measureText(text).width;
    const full = used > 0 && used + ENTRY_GAP + width > mostWidth - 2 * PADDING;
    if (full && rows.length === MOST_LINES) {
      rows[MOST_LINES - 1]!.splice(-1, 1, { line: null, text: '…', width: SIZE });
      break;
    }
    if (full) rows.push([]);
    used = full || used === 0 ? width : used + ENTRY_GAP + width;
    rows[rows.length - 1]!.push({ line, text, width });
  }
  const width = Math.max(...rows.map(rowWidth)) + 2 * PADDING;
  return { rows, width, height: rows.length * LINE_HEIGHT + 2 * PADDING };
}

/** Frame and entries, centred on `centre`. */
export function drawLegend(context: SKRSContext2D, { rows, width, height }: LegendLayout, centre: number, top: number): void {
  context.strokeStyle = '#cccccc';
  context.lineWidth = points(1);
  context.beginPath();
  context.roundRect(centre - width / 2, top, width, height, points(2));
  context.stroke();
  context.font = FONT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  rows.forEach((row, k) => {
    const y = top + PADDING + (k + 0.5) * LINE_HEIGHT;
    let x = centre - rowWidth(row) / 2;
    for (const { line, text, width: entryWidth } of row) {
      if (line) strokeLine(context, line, [x, x + HANDLE / 2, x + HANDLE], [y, y, y], [1]);
      context.fillStyle = 'black';
      context.fillText(text, line ? x + HANDLE + HANDLE_GAP : x, y);
      x += entryWidth + ENTRY_GAP;
    }
  });
}

const rowWidth = (row: readonly Entry[]): number =>
  row.reduce((sum, { width }) => sum + width, 0) + ENTRY_GAP * Math.max(row.length - 1, 0);

function shortened(context: SKRSContext2D, text: string): string {
  if (context.measureText(text).width <= LONGEST_TEXT) return text;
  let length = text.length;
  while (context.measureText(`${text.slice(0, length)}…`).width > LONGEST_TEXT) length = Math.floor(length * 0.95);
  return `${text.slice(0, length)}…`;
}
