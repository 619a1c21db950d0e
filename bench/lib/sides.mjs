// One task on both sides: bench/ours/<program>.mjs and bench/peers/<program>.py, each in a process of its own, in turns.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { comparison, round } from './measure.mjs';
import { runPeer } from './peer.mjs';

const OURS = path.resolve(import.meta.dirname, '../ours');
const ROUNDS = 3;
/** Both sides must have calculated the same; sums of large arrays differ by the order of additions. */
const SAME = 1e-9;
const OUTPUT_BYTES = 16 * 1024 * 1024;
/** Left to itself OpenBLAS recognises the processor and its caches; a machine's settings may say otherwise, for older versions. */
const UNSET = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };

/**
 * Prints one line. Each side reports `{first, seconds, cpu, peakRssMb, check}`, ours also `about`: facts for the line; the best of all its runs counts, because others may use the machine.
 *
 * @param {{ measure: string, program: string, args: object, peerArgs?: object, limit?: number }} what `limit` of the ratio
 */
export async function compareSides(print, { measure, program, args, limit, ...rest }) {
  const [ours, peer] = [[], []];
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    ours.push(await runOurs(program, args));
    peer.push(await runPeer({ program, args: [JSON.stringify(args)], env: UNSET }));
  }
  checkSame(measure, ours[0].check, peer[0].check);
  const [mine, theirs] = [best(ours), best(peer)];
  const line = comparison({ measure, unit: 's', ours: mine.seconds, peer: theirs.seconds });
  print({
    ...line,
    cpu_ratio: round(mine.cpu / theirs.cpu),
    ...(limit === undefined ? {} : { limit, within_limit: line.ratio <= limit }),
    ours_cpu: round(mine.cpu),
    peer_cpu: round(theirs.cpu),
    ours_first: round(mine.first),
    peer_first: round(theirs.first),
    peak_rss_mb: mine.peakRssMb,
    peer_peak_rss_mb: theirs.peakRssMb,
    runs: ROUNDS * ours[0].seconds.length,
    ...ours[0].about,
    ...rest,
  });
}

/** Runs bench/ours/<program>.mjs in a process of its own. */
export async function runOurs(program, args, flags = []) {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, path.join(OURS, `${program}.mjs`), JSON.stringify(args)], {
    maxBuffer: OUTPUT_BYTES,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

export const best = (runs) => ({
  first: Math.min(...runs.map(({ first }) => first)),
  seconds: Math.min(...runs.flatMap(({ seconds }) => seconds)),
  cpu: Math.min(...runs.flatMap(({ cpu }) => cpu)),
  peakRssMb: Math.max(...runs.map(({ peakRssMb }) => peakRssMb)),
});

function checkSame(measure, ours, peer) {
  const different =
    ours.length !== peer.length || ours.some((value, i) => !(Math.abs(value - peer[i]) <= SAME * Math.max(1, Math.abs(value))));
  if (different) throw new Error(`${measure}: the two sides differ: ${JSON.stringify(ours)} and ${JSON.stringify(peer)}`);
}
