import { assemble, f32x4, f64x2, FunctionBuilder, i32, i32x4, repeatWhile, v128, when } from './assembler';
import type { Code, Type } from './assembler';

/** A direction without curvature still needs a finite step, as in LIBSVM. */
export const LEAST_CURVATURE = 1e-12;

const [F64_PAIR, F32_PAIR, F32_QUAD] = [16, 8, 16];
const addresses = (count: number): Type[] => new Array<Type>(count).fill('i32');
const sum = (first: Code, ...rest: Code[]): Code => rest.reduce<Code>((total, term) => f64x2.add(total, term), first);

/**
 * 2^y for y ≤ 0 in float32: 2^n by the exponent bits, 2^r for |r| ≤ ½ by its Taylor polynomial (error below 2e-8).
 * Below 2^−126 the answer is 2^−126.
 */
function powerOfTwo(f: FunctionBuilder, y: Code): Code {
  const whole = f.local('v128');
  const rest = f.local('v128');
  const coefficients = Array.from({ length: 8 }, (_, k) => Math.LN2 ** k / factorial(k));
  const polynomial = coefficients.reduceRight<Code | null>(
    (inner, value) => (inner === null ? f32x4.const(value) : f32x4.add(f32x4.const(value), f32x4.mul(rest.get, inner))),
    null,
  );
  const exponent = i32x4.shiftLeft(i32x4.add(i32x4.truncate(whole.get), i32x4.const(127)), i32.const(23));
  return [
    ...rest.set(f32x4.max(y, f32x4.const(-126))),
    ...whole.set(f32x4.nearest(rest.get)),
    ...rest.set(f32x4.sub(rest.get, whole.get)),
    ...f32x4.mul(polynomial!, exponent),
  ];
}

const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));

/**
 * A row of kernel values in float32 from columns in float64, four points at a time:
 * (columns, bytes of a column, end of the columns, point, out, end of out, factor, offset, degree − 1).
 *
 * `radialRow`: 2^(factor · ‖x − z‖²). `productRow`: (factor · x·z + offset)^degree.
 */
function kernelRow(name: 'radialRow' | 'productRow'): FunctionBuilder {
  const f = new FunctionBuilder(name, [...addresses(6), 'f64', 'f64', 'i32']);
  const [columns, stride, columnsEnd, point, out, outEnd, factor, offset, powers] = Array.from({ length: 9 }, (_, k) => f.parameter(k));
  const [column, coordinate, count] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [z, low, high, difference] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')];
  const factors = f.local('v128');
  const at = (offsetBytes: number): Code => v128.load(offsetBytes === 0 ? column.get : i32.add(column.get, i32.const(offsetBytes)));
  const term = (values: Code): Code[] =>
    name === 'radialRow'
      ? [difference.set(f64x2.sub(values, z.get)), f64x2.mul(difference.get, difference.get)]
      : [[], f64x2.mul(values, z.get)];
  const accumulate = (target: typeof low, values: Code): Code => {
    const [before, value] = term(values);
    return [...before!, ...target.set(f64x2.add(target.get, value!))];
  };
  const both = (change: (half: typeof low) => Code): Code => [...low.set(change(low)), ...high.set(change(high))];
  const toFloat32: Code = f32x4.lowHalves(f32x4.demote(low.get), f32x4.demote(high.get));
  const finish: Code =
    name === 'radialRow'
      ? [...both((half) => f64x2.mul(half.get, factors.get)), ...v128.store(out!.get, powerOfTwo(f, toFloat32))]
      : [
          ...both((half) => f64x2.add(f64x2.mul(half.get, factors.get), f64x2.splat(offset!.get))),
          ...z.set(low.get),
          ...difference.set(high.get),
          ...count.set(i32.const(0)),
          ...when(
            i32.ltU(count.get, powers!.get),
            repeatWhile(
              i32.ltU(count.get, powers!.get),
              low.set(f64x2.mul(low.get, z.get)),
              high.set(f64x2.mul(high.get, difference.get)),
              count.set(i32.add(count.get, i32.const(1))),
            ),
          ),
          ...v128.store(out!.get, toFloat32),
        ];
  f.do(
    factors.set(f64x2.splat(factor!.get)),
    repeatWhile(
      i32.ltU(out!.get, outEnd!.get),
      low.set(f64x2.const(0)),
      high.set(f64x2.const(0)),
      column.set(columns!.get),
      coordinate.set(point!.get),
      repeatWhile(
        i32.ltU(column.get, columnsEnd!.get),
        z.set(v128.load64Splat(coordinate.get)),
        accumulate(low, at(0)),
        accumulate(high, at(F64_PAIR)),
        column.set(i32.add(column.get, stride!.get)),
        coordinate.set(i32.add(coordinate.get, i32.const(8))),
      ),
      finish,
      columns!.set(i32.add(i32.add(columns!.get, i32.const(F64_PAIR)), i32.const(F64_PAIR))),
      columnsEnd!.set(i32.add(i32.add(columnsEnd!.get, i32.const(F64_PAIR)), i32.const(F64_PAIR))),
      out!.set(i32.add(out!.get, i32.const(F32_QUAD))),
    ),
  );
  return f;
}

/**
 * gradient += delta · (rowI − rowJ), and the ends of the new gradient: (gradient, end of it, up, down, rowI, rowJ, result, delta).
 * The result: smallest gradient + up of the even and of the odd places, where each is, and the largest gradient + down of both.
 */
function descend(): FunctionBuilder {
  const f = new FunctionBuilder('descend', [...addresses(7), 'f64']);
  const [gradient, end, up, down, rowI, rowJ, result, delta] = Array.from({ length: 8 }, (_, k) => f.parameter(k));
  const names = ['v128', 'v128', 'v128', 'v128', 'v128', 'v128', 'v128'] as const;
  const [value, rising, lowest, lowestAt, place, highest, deltas] = names.map((type) => f.local(type));
  const row = (address: Code): Code => f64x2.promote(v128.load64Zero(address));
  f.do(
    deltas!.set(f64x2.splat(delta!.get)),
    lowest!.set(f64x2.const(Infinity)),
    lowestAt!.set(f64x2.const(-1)),
    highest!.set(f64x2.const(-Infinity)),
    place!.set(f64x2.const(0, 1)),
    repeatWhile(
      i32.ltU(gradient!.get, end!.get),
      value!.set(sum(v128.load(gradient!.get), f64x2.mul(deltas!.get, f64x2.sub(row(rowI!.get), row(rowJ!.get))))),
      v128.store(gradient!.get, value!.get),
      rising!.set(f64x2.add(value!.get, v128.load(up!.get))),
      lowestAt!.set(v128.select(place!.get, lowestAt!.get, f64x2.lt(rising!.get, lowest!.get))),
      lowest!.set(f64x2.pmin(lowest!.get, rising!.get)),
      highest!.set(f64x2.pmax(highest!.get, f64x2.add(value!.get, v128.load(down!.get)))),
      place!.set(f64x2.add(place!.get, f64x2.const(2))),
      ...[gradient, up, down].map((address) => address!.set(i32.add(address!.get, i32.const(F64_PAIR)))),
      ...[rowI, rowJ].map((address) => address!.set(i32.add(address!.get, i32.const(F32_PAIR)))),
    ),
    v128.store(result!.get, lowest!.get),
    v128.store(i32.add(result!.get, i32.const(F64_PAIR)), lowestAt!.get),
    v128.store(i32.add(result!.get, i32.const(2 * F64_PAIR)), highest!.get),
  );
  return f;
}

/**
 * The partner of the largest second-order gain: (gradient, end of it, down, diagonal, rowI, result, smallestUp, diagonalI).
 * The result: square and curvature of the best of the even and of the odd places, and where each is.
 */
function partner(): FunctionBuilder {
  const f = new FunctionBuilder('partner', [...addresses(6), 'f64', 'f64']);
  const [gradient, end, down, diagonal, rowI, result, smallestUp, diagonalI] = Array.from({ length: 8 }, (_, k) => f.parameter(k));
  const names = new Array<'v128'>(9).fill('v128');
  const [gap, square, curvature, better, bestSquare, bestCurvature, bestAt, place, own] = names.map((type) => f.local(type));
  const floor = f.local('v128');
  const isGap = f64x2.gt(gap!.get, f64x2.const(0));
  f.do(
    own!.set(f64x2.splat(diagonalI!.get)),
    floor.set(f64x2.splat(smallestUp!.get)),
    bestSquare!.set(f64x2.const(0)),
    bestCurvature!.set(f64x2.const(1)),
    bestAt!.set(f64x2.const(-1)),
    place!.set(f64x2.const(0, 1)),
    repeatWhile(
      i32.ltU(gradient!.get, end!.get),
      gap!.set(f64x2.sub(f64x2.add(v128.load(gradient!.get), v128.load(down!.get)), floor.get)),
      when(
        v128.anyTrue(isGap),
        square!.set(f64x2.mul(gap!.get, gap!.get)),
        curvature!.set(
          f64x2.max(
            f64x2.sub(f64x2.add(own!.get, v128.load(diagonal!.get)), f64x2.mul(f64x2.const(2), f64x2.promote(v128.load64Zero(rowI!.get)))),
            f64x2.const(LEAST_CURVATURE),
          ),
        ),
        better!.set(v128.and(isGap, f64x2.gt(f64x2.mul(square!.get, bestCurvature!.get), f64x2.mul(bestSquare!.get, curvature!.get)))),
        bestSquare!.set(v128.select(square!.get, bestSquare!.get, better!.get)),
        bestCurvature!.set(v128.select(curvature!.get, bestCurvature!.get, better!.get)),
        bestAt!.set(v128.select(place!.get, bestAt!.get, better!.get)),
      ),
      place!.set(f64x2.add(place!.get, f64x2.const(2))),
      ...[gradient, down, diagonal].map((address) => address!.set(i32.add(address!.get, i32.const(F64_PAIR)))),
      rowI!.set(i32.add(rowI!.get, i32.const(F32_PAIR))),
    ),
    v128.store(result!.get, bestSquare!.get),
    v128.store(i32.add(result!.get, i32.const(F64_PAIR)), bestCurvature!.get),
    v128.store(i32.add(result!.get, i32.const(2 * F64_PAIR)), bestAt!.get),
  );
  return f;
}

/** sums += factor · row: (sums, end of them, row, factor). */
function addMultiple(): FunctionBuilder {
  const f = new FunctionBuilder('addMultiple', [...addresses(3), 'f64']);
  const [sums, end, row, factor] = Array.from({ length: 4 }, (_, k) => f.parameter(k));
  const factors = f.local('v128');
  f.do(
    factors.set(f64x2.splat(factor!.get)),
    repeatWhile(
      i32.ltU(sums!.get, end!.get),
      v128.store(sums!.get, f64x2.add(v128.load(sums!.get), f64x2.mul(factors.get, f64x2.promote(v128.load64Zero(row!.get))))),
      sums!.set(i32.add(sums!.get, i32.const(F64_PAIR))),
      row!.set(i32.add(row!.get, i32.const(F32_PAIR))),
    ),
  );
  return f;
}

export const LOOPS = [kernelRow('radialRow'), kernelRow('productRow'), descend(), partner(), addMultiple()];
export const loopsModule = (): Uint8Array<ArrayBuffer> => assemble(LOOPS);
