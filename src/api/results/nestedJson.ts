type Values = AsyncIterable<Float64Array> | Iterable<Float64Array>;

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
    let text = '';
    for (const value of chunk) {
      if (at > 0) text += ',';
      text += '['.repeat(borders(spans, at)) + (Number.isFinite(value) ? String(value) : 'null');
      at += 1;
      text += ']'.repeat(borders(spans, at));
    }
    yield text;
  }
}

/** Number of levels that begin, or end, at a cell: a level only does when all levels inside it do. */
function borders(spans: readonly number[], at: number): number {
  let levels = 0;
  for (let level = spans.length - 1; level >= 0 && at % spans[level]! === 0; level -= 1) levels += 1;
  return levels;
}
