import fs from 'node:fs';
import type { Group } from 'h5wasm';

/** A group of an HDF5 file being written, with just what model files need. */
export interface Hdf5Group {
  group(name: string): Hdf5Group;
  attribute(name: string, value: string | readonly string[]): void;
  floats(name: string, values: Float32Array, shape: readonly number[]): void;
}

/** The library's writable side; its types name the reading side only loosely. */
type WritableGroup = Pick<Group, 'create_group' | 'create_attribute' | 'create_dataset'>;

/** Writes an HDF5 file. @throws when the disk is full or the path cannot be written */
export async function writeHdf5(path: string, fill: (root: Hdf5Group) => void): Promise<void> {
  const h5wasm = await import('h5wasm/node');
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  try {
    fill(wrap(file));
  } finally {
    file.close();
  }
  if (!fs.existsSync(path)) throw new Error(`HDF5 file ${path} was not written`);
}

function wrap(target: WritableGroup): Hdf5Group {
  return {
    group: (name) => wrap(target.create_group(name)),
    attribute(name, value) {
      if (typeof value === 'string') target.create_attribute(name, value, [], 'S');
      else target.create_attribute(name, [...value], [value.length], `S${Math.max(...value.map((text) => Buffer.byteLength(text)))}`);
    },
    floats: (name, values, shape) => void target.create_dataset({ name, data: values, shape: [...shape], dtype: '<f' }),
  };
}
