/**
 * Writes Python pickles, protocol 2, for values this service makes itself. Our own, because files that every scikit-learn reads must name
 * nothing but public functions: pickles written by Python carry private paths of the numpy that wrote them (`numpy.core.multiarray` before
 * 2.0, `numpy._core.multiarray` since), and a service without Python has no library to write them.
 *
 * A value is a tree and nothing in it is shared, so the memo of the format is not needed. The opcodes used:
 *
 *     PROTO \x80 · STOP .          frame of the pickle
 *     NONE N · NEWTRUE \x88 · NEWFALSE \x89
 *     BININT J · BINFLOAT G        int32 little-endian; float64 big-endian
 *     LONG1 \x8a                   larger integers, two's complement
 *     BINUNICODE X                 UTF-8 with its length
 *     MARK ( · TUPLE t · EMPTY_LIST ] · APPENDS e · EMPTY_DICT } · SETITEMS u
 *     GLOBAL c                     module and name
 *     REDUCE R                     calls a function with a tuple of arguments
 *     NEWOBJ \x81 · BUILD b        makes an instance without calling __init__, and gives it its state
 *
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export type PickleValue =
  | { kind: 'none' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: number }
  | { kind: 'float'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'tuple' | 'list'; items: readonly PickleValue[] }
  | { kind: 'dict'; entries: readonly (readonly [PickleValue, PickleValue])[] }
  | PickleGlobal
  | { kind: 'call'; callee: PickleGlobal; args: readonly PickleValue[] }
  | { kind: 'instance'; of: PickleGlobal; state: PickleValue };

/** Something importable: `from module import name`. */
export interface PickleGlobal {
  kind: 'global';
  module: string;
  name: string;
}

/** Short forms, for values that read like the Python they become. */
export const py = {
  none: { kind: 'none' },
  bool: (value: boolean): PickleValue => ({ kind: 'bool', value }),
  int: (value: number): PickleValue => ({ kind: 'int', value }),
  float: (value: number): PickleValue => ({ kind: 'float', value }),
  text: (value: string): PickleValue => ({ kind: 'text', value }),
  tuple: (...items: PickleValue[]): PickleValue => ({ kind: 'tuple', items }),
  list: (...items: PickleValue[]): PickleValue => ({ kind: 'list', items }),
  dict: (...entries: (readonly [PickleValue, PickleValue])[]): PickleValue => ({ kind: 'dict', entries }),
  global: (module: string, name: string): PickleGlobal => ({ kind: 'global', module, name }),
  call: (callee: PickleGlobal, ...args: PickleValue[]): PickleValue => ({ kind: 'call', callee, args }),
  instance: (of: PickleGlobal, state: PickleValue): PickleValue => ({ kind: 'instance', of, state }),
} satisfies Record<string, PickleValue | ((...args: never[]) => PickleValue)>;

/** @throws RangeError for an `int` that is no safe integer */
export function pickle(value: PickleValue): Uint8Array {
  const bytes = [0x80, 2];
  write(value, bytes);
  bytes.push(code('.'));
  return Uint8Array.from(bytes);
}

function write(value: PickleValue, out: number[]): void {
  switch (value.kind) {
    case 'none':
      out.push(code('N'));
      return;
    case 'bool':
      out.push(value.value ? 0x88 : 0x89);
      return;
    case 'int':
      writeInteger(value.value, out);
      return;
    case 'float':
      out.push(code('G'), ...binary(8, (view) => view.setFloat64(0, value.value)));
      return;
    case 'text': {
      const text = new TextEncoder().encode(value.value);
      out.push(code('X'), ...binary(4, (view) => view.setUint32(0, text.length, true)), ...text);
      return;
    }
    case 'tuple':
      out.push(code('('));
      for (const item of value.items) write(item, out);
      out.push(code('t'));
      return;
    case 'list':
      out.push(code(']'), code('('));
      for (const item of value.items) write(item, out);
      out.push(code('e'));
      return;
    case 'dict':
      out.push(code('}'), code('('));
      for (const [key, item] of value.entries) {
        write(key, out);
        write(item, out);
      }
      out.push(code('u'));
      return;
    case 'global':
      out.push(code('c'), ...new TextEncoder().encode(`${value.module}\n${value.name}\n`));
      return;
    case 'call':
      write(value.callee, out);
      write({ kind: 'tuple', items: value.args }, out);
      out.push(code('R'));
      return;
    case 'instance':
      write(value.of, out);
      write({ kind: 'tuple', items: [] }, out);
      out.push(0x81);
      write(value.state, out);
      out.push(code('b'));
      return;
  }
}

function writeInteger(value: number, out: number[]): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`);
  if (value >= -(2 ** 31) && value < 2 ** 31) out.push(code('J'), ...binary(4, (view) => view.setInt32(0, value, true)));
  else out.push(0x8a, 8, ...binary(8, (view) => view.setBigInt64(0, BigInt(value), true)));
}

function binary(length: number, fill: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  fill(view);
  return new Uint8Array(view.buffer);
}

const code = (opcode: string): number => opcode.charCodeAt(0);
