/** Content of a file `UTC;value`: times in µs, values with three decimals, missing ones empty. */
export function csvOf(times, values) {
  const lines = Array.from(times, (time, i) => {
    const stamp = new Date(time / 1000).toISOString();
    return `${stamp.slice(0, 10)} ${stamp.slice(11, 19)};${Number.isNaN(values[i]) ? '' : values[i].toFixed(3)}\n`;
  });
  return `UTC;value\n${lines.join('')}`;
}
