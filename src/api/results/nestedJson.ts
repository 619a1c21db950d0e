import { setImmediate } from 'node:timers/promises';

type Values = AsyncIterable<Float64Array> | Iterable<Float64Array>;

/** Writing a number takes up to half a microsecond, and other requests wait meanwhile. */
const CELLS_PER_PIECE = 4096;

/**
 * JSON text of an array as nested lists, piece by piece: `[[[1,2],[3,4]],…]` for shape (windows, steps, columns).
 * Numbers that are not finite become null. An empty leading dimension gives `[]`.
 *
 * `JSON.stringify` writes whole lists of up to a piece's length. `String(value)` is slower and remembers the text of each number in a cache,
 * which carries the texts into the old generation: 15 MB of garbage there for every 100 MB written, until the next full collection.
 * @param values the cells in C order, in chunks of any length
 */
export async function* nestedJson(shape: readonly number[], values: Values): AsyncGenerator<string, void> {
  const [first = 0] = shape;
  // cells of a list of each level, outermost first
  const spans = shape.map((_, level) => shape.slice(level).reduce((product, length) => product * length, 1));
  if (spans[0] === 0) {
    yield JSON.stringify(Array.from({ length: first }, () => []));
    return;
  }
  const level = unitLevel(spans);
  const unit = spans[level]!;
  const outer = spans.slice(0, level);
  let at = 0;
  for await (const cells of wholeUnits(values, unit)) {
    let text = '';
    for (let from = 0; from < cells.length; from += unit) {
      if (at > 0) text += ',';
      text += '['.repeat(borders(outer, at)) + JSON.stringify(nested(shape, level, cells.subarray(from, from + unit)));
      at += unit;
      text += ']'.repeat(borders(outer, at));
    }
    yield text;
    await setImmediate(); // a socket that takes everything at once would have the next piece made before any other request is looked at
  }
}

/** The outermost level whose lists fit into a piece; a row of numbers is never divided. The array itself, level 0, always comes in pieces. */
function unitLevel(spans: readonly number[]): number {
  const fitting = spans.findIndex((cells, level) => level > 0 && cells <= CELLS_PER_PIECE);
  return fitting < 0 ? spans.length - 1 : fitting;
}

/** The cells in pieces of whole units, wherever the chunks end. A piece is overwritten by the next one. */
async function* wholeUnits(values: Values, unit: number): AsyncGenerator<Float64Array, void> {
  const piece = new Float64Array(Math.max(1, Math.floor(CELLS_PER_PIECE / unit)) * unit);
  let filled = 0;
  for await (const chunk of values) {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + piece.length - filled);
      piece.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < piece.length) continue;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

type Nested = (number | Nested)[];

/** The cells of one list of a level, as lists in lists. */
function nested(shape: readonly number[], level: number, cells: Float64Array): Nested {
  const list: Nested = [];
  if (level === shape.length - 1) {
    for (const cell of cells) list.push(cell);
    return list;
  }
  const span = cells.length / shape[level]!;
  for (let from = 0; from < cells.length; from += span) list.push(nested(shape, level + 1, cells.subarray(from, from + span)));
  return list;
}

/** Number of levels that begin, or end, at a cell: a level only does when all levels inside it do. */
function borders(spans: readonly number[], at: number): number {
  let levels = 0;
  for (let level = spans.length - 1; level >= 0 && at % spans[level]! === 0; level -= 1) levels += 1;
  return levels;
}
