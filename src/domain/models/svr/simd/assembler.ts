/**
 * Just enough of a WebAssembly assembler for loops over numbers: an expression is the list of its bytes, operands first.
 * Opcodes: https://webassembly.github.io/spec/core/binary/instructions.html
 */
export type Code = readonly number[];

export type Type = 'i32' | 'f64' | 'v128';
const TYPE: Record<Type, number> = { i32: 0x7f, f64: 0x7c, v128: 0x7b };
const [FUNCTION, EMPTY_BLOCK, END] = [0x60, 0x40, 0x0b];

/** A whole number in seven-bit groups (LEB128), unsigned. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const text = (value: string): Code => list([...value].map((letter) => [letter.charCodeAt(0)]));
const plain =
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands.flat(), opcode];
const vector =
  (opcode: number, ...immediates: number[]) =>
  (...operands: Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(opcode), ...immediates];
/** Alignment hint 1 byte: rows may begin anywhere. */
const access = (opcode: number) => vector(opcode, 0, 0);
const float64 = (value: number): Code => [...new Uint8Array(new Float64Array([value]).buffer)];
const float32 = (value: number): Code => [...new Uint8Array(new Float32Array([value]).buffer)];

export const i32 = {
  const: (value: number): Code => [0x41, ...unsigned(value)], // below 64: no sign bit to mind
  add: plain(0x6a),
  ltU: plain(0x49),
};
export const v128 = {
  load: access(0x00),
  load64Zero: access(0x5d),
  load64Splat: access(0x0a),
  store: access(0x0b),
  and: vector(0x4e),
  /** bits of the first where the mask is set, else of the second */
  select: vector(0x52),
  anyTrue: vector(0x53),
};
export const f64x2 = {
  const: (low: number, high = low): Code => [0xfd, 0x0c, ...float64(low), ...float64(high)],
  splat: vector(0x14),
  lt: vector(0x49),
  gt: vector(0x4a),
  add: vector(0xf0),
  sub: vector(0xf1),
  mul: vector(0xf2),
  max: vector(0xf5),
  /** b < a ? b : a; one instruction, unlike min */
  pmin: vector(0xf6),
  /** a < b ? b : a */
  pmax: vector(0xf7),
  promote: vector(0x5f),
};
export const f32x4 = {
  const: (value: number): Code => [0xfd, 0x0c, ...[0, 1, 2, 3].flatMap(() => float32(value))],
  add: vector(0xe4),
  sub: vector(0xe5),
  mul: vector(0xe6),
  max: vector(0xe9),
  nearest: vector(0x6a),
  demote: vector(0x5e),
  /** lower halves of both, one after the other */
  lowHalves: vector(0x0d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
};
export const i32x4 = {
  const: (value: number): Code => [0xfd, 0x0c, ...[0, 1, 2, 3].flatMap(() => [value & 0xff, 0, 0, 0])],
  truncate: vector(0xf8),
  add: vector(0xae),
  shiftLeft: vector(0xab),
};

/** Variables by name. */
export type Variables<Name extends string> = Readonly<Record<Name, Variable>>;

/** One function while it is written, without a result: it answers in memory. */
export class FunctionBuilder<Parameter extends string = string> {
  readonly parameters: Variables<Parameter>;
  private readonly types: Type[];
  private readonly localTypes: Type[] = [];
  private readonly body: Code[] = [];

  /** @param parameters names and types, in order */
  constructor(
    readonly name: string,
    parameters: Record<Parameter, Type>,
  ) {
    this.types = Object.values(parameters);
    this.parameters = numbered(Object.keys(parameters) as Parameter[], 0);
  }

  /** Some more local variables of one type; all are zero at first. */
  locals<Name extends string>(type: Type, ...names: Name[]): Variables<Name> {
    const first = this.types.length + this.localTypes.length;
    this.localTypes.push(...names.map(() => type));
    return numbered(names, first);
  }

  do(...code: Code[]): void {
    this.body.push(...code);
  }

  get type(): Code {
    return [FUNCTION, ...list(this.types.map((type) => [TYPE[type]])), ...list([])];
  }

  get code(): Code {
    const content = [...list(this.localTypes.map((type) => [1, TYPE[type]])), ...this.body.flat(), END];
    return [...unsigned(content.length), ...content];
  }
}

const numbered = <Name extends string>(names: readonly Name[], first: number): Variables<Name> =>
  Object.fromEntries(names.map((name, i) => [name, new Variable(first + i)])) as Record<Name, Variable>;

/** A parameter or local. */
export class Variable {
  constructor(private readonly index: number) {}

  get get(): Code {
    return [0x20, ...unsigned(this.index)];
  }

  set(value: Code): Code {
    return [...value, 0x21, ...unsigned(this.index)];
  }

  /** An address moves on. */
  advance(bytes: Code): Code {
    return this.set(i32.add(this.get, bytes));
  }
}

/** Runs the body at least once, again as long as the condition holds. */
export const repeatWhile = (condition: Code, ...body: Code[]): Code => [0x03, EMPTY_BLOCK, ...body.flat(), ...condition, 0x0d, 0, END];

export const when = (condition: Code, ...body: Code[]): Code => [...condition, 0x04, EMPTY_BLOCK, ...body.flat(), END];

/** The module: its functions exported by name, its memory imported as `env.memory`. */
export function assemble(functions: readonly FunctionBuilder[]): Uint8Array<ArrayBuffer> {
  const memory: Code = [...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(1)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(functions.map(({ type }) => type))),
    ...section(2, list([memory])),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(7, list(functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]))),
    ...section(10, list(functions.map(({ code }) => code))),
  ]);
}
