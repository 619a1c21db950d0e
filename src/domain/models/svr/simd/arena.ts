import { loopsModule } from './loops';

/** Addresses of arrays are their `byteOffset`; ends are exclusive and a whole number of four values away. */
export interface Loops {
  radialRow: KernelRowLoop;
  productRow: KernelRowLoop;
  descend(gradient: number, end: number, up: number, down: number, rowI: number, rowJ: number, result: number, delta: number): void;
  partner(
    gradient: number,
    end: number,
    down: number,
    diagonal: number,
    rowI: number,
    result: number,
    smallestUp: number,
    diagonalI: number,
  ): void;
  addMultiple(sums: number, end: number, row: number, factor: number): void;
}

type KernelRowLoop = (
  columns: number,
  stride: number,
  columnsEnd: number,
  point: number,
  out: number,
  outEnd: number,
  factor: number,
  offset: number,
  powers: number,
) => void;

const PAGE = 65_536;
/** What 32-bit addresses reach. */
export const LARGEST_ARENA = 65_535 * PAGE;
const LANES = 4;

/** Length of an array whose loops take four values at a time. */
export const padded = (length: number): number => Math.ceil(length / LANES) * LANES;

/** The part of the engine's interface used here; TypeScript knows it as part of browsers only. */
interface Engine {
  Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Loops };
}
const { WebAssembly: engine } = globalThis as unknown as { WebAssembly: Engine };

let compiled: object | undefined;

/** Memory of a fixed size that the loops work on, handed out as typed arrays. What is not touched takes no memory of the machine. */
export class Arena {
  private readonly memory: { buffer: ArrayBuffer };
  private next = 0;
  readonly loops: Loops;

  /** @throws RangeError when the machine refuses so much */
  constructor(bytes: number) {
    const pages = Math.ceil(bytes / PAGE) + 1;
    this.memory = new engine.Memory({ initial: pages, maximum: pages });
    compiled ??= new engine.Module(loopsModule());
    this.loops = new engine.Instance(compiled, { env: { memory: this.memory } }).exports;
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Zeros; the length is padded. */
  float64(length: number): Float64Array {
    const size = padded(length);
    return new Float64Array(this.memory.buffer, this.take(size * Float64Array.BYTES_PER_ELEMENT), size);
  }

  /** Zeros; the length is padded. */
  float32(length: number): Float32Array {
    const size = padded(length);
    return new Float32Array(this.memory.buffer, this.take(size * Float32Array.BYTES_PER_ELEMENT), size);
  }

  private take(bytes: number): number {
    const at = this.next;
    this.next += bytes;
    return at;
  }
}
