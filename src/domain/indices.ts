/** 0 … count − 1. A plain loop: `Int32Array.from` with a function takes many times as long, too much for an event loop. */
export function indices(count: number): Int32Array {
  const all = new Int32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  return all;
}
