/** The arrays of a run, out of the file a user downloads. */
import { unzipSync } from 'fflate';
import { api } from '../support';
import type { Body, User } from './scenario';

interface StoredArray {
  shape: number[];
  values: Float64Array;
}

/** Float64 arrays of test_data.npz of the newest run, by name. */
export async function testData(user: User, session: string): Promise<Record<string, StoredArray>> {
  const { body } = await api(user.token).get<Body>(`/results/${session}`);
  const artefacts = (body['results'] as Body[])[0]!['results'].artifacts as Body[];
  const { url } = artefacts.find(({ kind }) => kind === 'arrays')!;
  const files = unzipSync(new Uint8Array(await (await fetch(String(url))).arrayBuffer()));
  return Object.fromEntries(
    Object.entries(files)
      .map(([name, bytes]) => [name.replace('.npy', ''), readArray(bytes)] as const)
      .filter((entry): entry is [string, StoredArray] => entry[1] !== null),
  );
}

function readArray(bytes: Uint8Array): StoredArray | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 10 + view.getUint16(8, true);
  const header = Buffer.from(bytes.subarray(10, start)).toString('latin1');
  if (!header.includes("'<f8'")) return null;
  const shape = /\(([^)]*)\)/.exec(header)![1]!.split(',').filter((part) => part.trim() !== '').map(Number); // prettier-ignore
  return { shape, values: new Float64Array(bytes.slice(start).buffer) };
}

/** Window `w` as a client sends it: steps × columns. */
export function windowOf({ shape: [, steps = 0, columns = 0], values }: StoredArray, w: number): number[][] {
  const at = (step: number) => (w * steps + step) * columns;
  return Array.from({ length: steps }, (_, step) => [...values.subarray(at(step), at(step) + columns)]);
}
