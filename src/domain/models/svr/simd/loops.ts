import { assemble } from './assembler';
import { addMultiple, descend, partner } from './gradientLoops';
import { productRow, radialRow } from './kernelLoops';

/** Kernel rows and a solver's passes over gradients as a WebAssembly module; arrays are a whole number of four values long. */
export const loopsModule = (): Uint8Array<ArrayBuffer> => assemble([radialRow(), productRow(), descend(), partner(), addMultiple()]);
