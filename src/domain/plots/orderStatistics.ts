/**
 * Percentiles by linear interpolation between order statistics (numpy's default), without sorting everything.
 *
 * @param values  at least one; reordered
 * @param shares  ascending, 0 … 1
 */
export function percentiles(values: Float64Array, shares: readonly number[]): number[] {
  let from = 0;
  return shares.map((share) => {
    const at = share * (values.length - 1);
    const index = Math.floor(at);
    select(values, index, from);
    from = index;
    const below = values[index] ?? NaN;
    if (at === index) return below;
    let above = Infinity;
    for (let i = index + 1; i < values.length; i++) if (values[i]! < above) above = values[i]!;
    return below + (above - below) * (at - index);
  });
}

/**
 * Moves the k-th smallest value to index k, smaller ones before and larger ones behind it (Hoare's quickselect).
 *
 * @param from  every value before it is known to be no larger than the ones behind it
 */
function select(values: Float64Array, k: number, from: number): void {
  let low = from;
  let high = values.length - 1;
  while (low < high) {
    const pivot = middleOf(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const held = values[i]!;
      values[i++] = values[j]!;
      values[j--] = held;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return; // between the two parts everything equals the pivot
  }
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
