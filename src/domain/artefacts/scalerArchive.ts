import type { ScalerParameters, ScalerSide } from '../scaling';
import { scalerLoader, scalerReadme } from './scalerGuide';
import { scalerPickle } from './scalerPickle';
import type { ScalerView } from './scalerView';
import { strictJson } from './strictJson';
import { zip } from './zip';

/**
 * The scalers of a run for users of Python (http-api route 35): each side as JSON and as a pickle of scikit-learn scalers, with a guide and
 * a few lines that load them.
 *
 * @param stamp time in the names of the entries, `YYYY-MM-DD_HH-MM-SS`
 * @returns bytes of the ZIP archive; the same for the same scalers and stamp
 */
export function scalerArchive(scalers: ScalerView, stamp: string): Uint8Array {
  const { input, output, metadata } = scalers;
  const text = new TextEncoder();
  const sides = { i: { side: input, names: metadata.input_feature_names }, o: { side: output, names: metadata.output_feature_names } };
  const files: [name: string, content: Uint8Array][] = [
    [`i_scale_${stamp}.json`, text.encode(sideJson(sides.i.side))],
    [`o_scale_${stamp}.json`, text.encode(sideJson(sides.o.side))],
    [`i_scale_${stamp}.save`, scalerPickle(input)],
    [`o_scale_${stamp}.save`, scalerPickle(output)],
    ['README.txt', text.encode(scalerReadme(stamp, sides))],
    ['load_scalers.py', text.encode(scalerLoader(stamp))],
  ];
  return joined([...zip(files.map(([name, content]) => ({ name, size: content.length, chunks: () => [content] })))]);
}

/** A database may return the fields in any order; they are written as documented. */
const sideJson = (side: ScalerSide): string =>
  `${strictJson(Object.fromEntries(Object.entries(side).map(([column, scaler]) => [column, scaler && inOrder(scaler)])), 2)}\n`;

const inOrder = ({
  name,
  feature_range,
  data_min,
  data_max,
  data_range,
  scale,
  min,
  n_samples_seen,
}: ScalerParameters): ScalerParameters => ({
  name,
  feature_range,
  data_min,
  data_max,
  data_range,
  scale,
  min,
  n_samples_seen,
});

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
