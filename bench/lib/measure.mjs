// Timing without a framework: medians of repeated runs, peak memory of this process.

/** Seconds of each of `runs` calls after `warmUp` calls that do not count, ascending. */
export async function timed(action, { runs = 7, warmUp = 2 } = {}) {
  const seconds = [];
  for (let k = -warmUp; k < runs; k += 1) {
    const from = performance.now();
    await action();
    if (k >= 0) seconds.push((performance.now() - from) / 1000);
  }
  return seconds.sort((a, b) => a - b);
}

export const median = (sorted) => (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;

/** Largest resident size this process ever had, MB; per process, so measure in a process of its own where it matters. */
export const peakRssMb = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** Figures as people read them: four significant digits. */
export const round = (value) => Number(value.toPrecision(4));

/** The line of a comparison: times in the same unit, `ratio` = ours / peer. */
export const comparison = ({ measure, unit, ours, peer, ...rest }) => ({
  measure,
  unit,
  ours: round(ours),
  peer: round(peer),
  ratio: round(ours / peer),
  ...rest,
});

/**
 * Wall-clock and processor seconds of each of `runs` calls, ascending, and the wall-clock seconds of the very first call.
 * On a machine that others use as well the processor time tells more; it includes the garbage collector's threads.
 *
 * @param repeat  calls per run: asking for the processor time takes a quarter of a millisecond
 */
export function sampled(action, { runs = 7, warmUp = 2, repeat = 1 } = {}) {
  const [seconds, cpu] = [[], []];
  let first = 0;
  for (let k = -warmUp; k < runs; k += 1) {
    const calls = k === -warmUp ? 1 : repeat;
    const [from, used] = [performance.now(), process.cpuUsage()];
    for (let call = 0; call < calls; call += 1) action();
    const { user, system } = process.cpuUsage(used);
    const elapsed = (performance.now() - from) / 1000 / calls;
    if (k === -warmUp) first = elapsed;
    if (k < 0) continue;
    seconds.push(elapsed);
    cpu.push((user + system) / 1e6 / calls);
  }
  return { first, seconds: seconds.sort((a, b) => a - b), cpu: cpu.sort((a, b) => a - b) };
}
