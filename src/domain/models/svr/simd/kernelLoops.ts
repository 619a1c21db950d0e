import { f32x4, f64x2, FunctionBuilder, i32, i32x4, repeatWhile, v128, when } from './assembler';
import type { Code, Variable } from './assembler';

const ADDRESS = 'i32';
const NUMBER = 'f64';
// bytes of two float64, of four float64, of four float32
const F64_PAIR = i32.const(16);
const F64_QUAD = i32.const(32);
const F32_QUAD = i32.const(16);

const PARAMETERS = {
  columns: ADDRESS, // float64, those of the first feature
  stride: ADDRESS, // bytes from one feature to the next
  columnsEnd: ADDRESS, // behind the last feature
  point: ADDRESS, // float64
  out: ADDRESS, // float32
  outEnd: ADDRESS,
  factor: NUMBER,
  offset: NUMBER,
  powers: ADDRESS, // degree − 1
} as const;
type RowFunction = FunctionBuilder<keyof typeof PARAMETERS>;

/** A kernel row starts anew with every four points: float64 sums over the features of two points each, then one store of four float32. */
function kernelRow(
  name: string,
  term: (difference: Variable, values: Code, z: Code) => [before: Code, value: Code],
  finish: Finish,
): RowFunction {
  const f: RowFunction = new FunctionBuilder(name, PARAMETERS);
  const { columns, stride, columnsEnd, point, out, outEnd } = f.parameters;
  const { column, coordinate } = f.locals(ADDRESS, 'column', 'coordinate');
  const { low, high, z, difference } = f.locals('v128', 'low', 'high', 'z', 'difference');
  const accumulate = (sum: Variable, values: Code): Code => {
    const [before, value] = term(difference, values, z.get);
    return [...before, ...sum.set(f64x2.add(sum.get, value))];
  };
  f.do(
    repeatWhile(
      i32.ltU(out.get, outEnd.get),
      low.set(f64x2.const(0)),
      high.set(f64x2.const(0)),
      column.set(columns.get),
      coordinate.set(point.get),
      repeatWhile(
        i32.ltU(column.get, columnsEnd.get),
        z.set(v128.load64Splat(coordinate.get)),
        accumulate(low, v128.load(column.get)),
        accumulate(high, v128.load(i32.add(column.get, F64_PAIR))),
        column.advance(stride.get),
        coordinate.advance(i32.const(8)),
      ),
      v128.store(out.get, finish(f, low, high)),
      columns.advance(F64_QUAD),
      columnsEnd.advance(F64_QUAD),
      out.advance(F32_QUAD),
    ),
  );
  return f;
}

/** From the sums of four points to their kernel values. */
type Finish = (f: RowFunction, low: Variable, high: Variable) => Code;

const toFloat32 = (low: Code, high: Code): Code => f32x4.lowHalves(f32x4.demote(low), f32x4.demote(high));

/** 2^(factor · ‖x − z‖²). */
export const radialRow = (): RowFunction =>
  kernelRow(
    'radialRow',
    (difference, values, z) => [difference.set(f64x2.sub(values, z)), f64x2.mul(difference.get, difference.get)],
    (f, low, high) => {
      const factor = f64x2.splat(f.parameters.factor.get);
      return powerOfTwo(f, toFloat32(f64x2.mul(low.get, factor), f64x2.mul(high.get, factor)));
    },
  );

/** (factor · x·z + offset)^(powers + 1). */
export const productRow = (): RowFunction =>
  kernelRow(
    'productRow',
    (_difference, values, z) => [[], f64x2.mul(values, z)],
    (f, low, high) => {
      const { factor, offset, powers } = f.parameters;
      const { done } = f.locals(ADDRESS, 'done');
      const { baseLow, baseHigh } = f.locals('v128', 'baseLow', 'baseHigh');
      const base = (sum: Variable): Code => f64x2.add(f64x2.mul(sum.get, f64x2.splat(factor.get)), f64x2.splat(offset.get));
      const more = i32.ltU(done.get, powers.get);
      return [
        ...low.set(base(low)),
        ...high.set(base(high)),
        ...baseLow.set(low.get),
        ...baseHigh.set(high.get),
        ...done.set(i32.const(0)),
        ...when(
          more,
          repeatWhile(
            more,
            low.set(f64x2.mul(low.get, baseLow.get)),
            high.set(f64x2.mul(high.get, baseHigh.get)),
            done.advance(i32.const(1)),
          ),
        ),
        ...toFloat32(low.get, high.get),
      ];
    },
  );

/**
 * 2^y for y ≤ 0 in float32: 2^n by the exponent bits, 2^r for |r| ≤ ½ by its Taylor polynomial (error below 2e-8).
 * Below 2^−126 the answer is 2^−126.
 */
function powerOfTwo(f: RowFunction, y: Code): Code {
  const { whole, rest } = f.locals('v128', 'whole', 'rest');
  const coefficients = Array.from({ length: 8 }, (_, k) => Math.LN2 ** k / factorial(k));
  const polynomial = coefficients
    .map((value) => f32x4.const(value))
    .reduceRight((inner, coefficient) => f32x4.add(coefficient, f32x4.mul(rest.get, inner)));
  const exponent = i32x4.shiftLeft(i32x4.add(i32x4.truncate(whole.get), i32x4.const(127)), i32.const(23));
  return [
    ...rest.set(f32x4.max(y, f32x4.const(-126))),
    ...whole.set(f32x4.nearest(rest.get)),
    ...rest.set(f32x4.sub(rest.get, whole.get)),
    ...f32x4.mul(polynomial, exponent),
  ];
}

const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
