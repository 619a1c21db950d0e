export { crc32 } from './crc32';
export { denseArray, npz, npzSize } from './npz';
export type { NpyArray } from './npz';
export { strictJson } from './strictJson';
export { testArrays, trainingArrays, windowArray } from './windowArrays';
export type { TestForecast } from './windowArrays';
export { zip, zipSize } from './zip';
export type { ZipEntry } from './zip';
