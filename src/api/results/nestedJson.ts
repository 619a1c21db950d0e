import { setImmediate } from 'node:timers/promises';

type Values = AsyncIterable<Float64Array> | Iterable<Float64Array>;

/** Writing a number takes most of a microsecond, and other requests wait meanwhile. */
const CELLS_PER_PIECE = 4096;

/**
 * JSON text of an array as nested lists, piece by piece: `[[[1,2],[3,4]],…]` for shape (windows, steps, columns).
 * Numbers that are not finite become null. An empty leading dimension gives `[]`.
 * @param values the cells in C order, in chunks of any length
 */
export async function* nestedJson(shape: readonly number[], values: Values): AsyncGenerator<string, void> {
  const [first = 0, ...inner] = shape;
  const cells = inner.reduce((product, length) => product * length, 1);
  if (first === 0 || cells === 0) {
    yield JSON.stringify(Array.from({ length: first }, () => []));
    return;
  }
  // cells between two brackets of each level, innermost last
  const spans = shape.map((_, level) => shape.slice(level).reduce((product, length) => product * length, 1));
  let at = 0;
  for await (const chunk of values) {
    for (let from = 0; from < chunk.length; from += CELLS_PER_PIECE) {
      let text = '';
      for (const value of chunk.subarray(from, from + CELLS_PER_PIECE)) {
        if (at > 0) text += ',';
        text += '['.repeat(borders(spans, at)) + (Number.isFinite(value) ? String(value) : 'null');
        at += 1;
        text += ']'.repeat(borders(spans, at));
      }
      yield text;
      await setImmediate(); // a socket that takes everything at once would have the next piece made before any other request is looked at
    }
  }
}

/** Number of levels that begin, or end, at a cell: a level only does when all levels inside it do. */
function borders(spans: readonly number[], at: number): number {
  let levels = 0;
  for (let level = spans.length - 1; level >= 0 && at % spans[level]! === 0; level -= 1) levels += 1;
  return levels;
}
