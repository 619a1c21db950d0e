import { f64x2, FunctionBuilder, i32, repeatWhile, v128, when } from './assembler';
import type { Code, Variable } from './assembler';

/** A direction without curvature still needs a finite step, as in LIBSVM. */
export const LEAST_CURVATURE = 1e-12;

const ADDRESS = 'i32';
const NUMBER = 'f64';
// bytes of two float64, of two float32
const F64_PAIR = i32.const(16);
const F32_PAIR = i32.const(8);

const promoted = (address: Variable): Code => f64x2.promote(v128.load64Zero(address.get));

/**
 * gradient += delta · (rowI − rowJ), and the ends of the new gradient. The result, each of the even and of the odd places: smallest
 * gradient + up, where it is, largest gradient + down.
 */
export function descend(): FunctionBuilder {
  const f = new FunctionBuilder('descend', {
    gradient: ADDRESS,
    end: ADDRESS,
    up: ADDRESS,
    down: ADDRESS,
    rowI: ADDRESS,
    rowJ: ADDRESS,
    result: ADDRESS,
    delta: NUMBER,
  });
  const { gradient, end, up, down, rowI, rowJ, result, delta } = f.parameters;
  const { value, rising, lowest, lowestAt, place, highest } = f.locals('v128', 'value', 'rising', 'lowest', 'lowestAt', 'place', 'highest');
  f.do(
    lowest.set(f64x2.const(Infinity)),
    lowestAt.set(f64x2.const(-1)),
    highest.set(f64x2.const(-Infinity)),
    place.set(f64x2.const(0, 1)),
    repeatWhile(
      i32.ltU(gradient.get, end.get),
      value.set(f64x2.add(v128.load(gradient.get), f64x2.mul(f64x2.splat(delta.get), f64x2.sub(promoted(rowI), promoted(rowJ))))),
      v128.store(gradient.get, value.get),
      rising.set(f64x2.add(value.get, v128.load(up.get))),
      lowestAt.set(v128.select(place.get, lowestAt.get, f64x2.lt(rising.get, lowest.get))),
      lowest.set(f64x2.pmin(lowest.get, rising.get)),
      highest.set(f64x2.pmax(highest.get, f64x2.add(value.get, v128.load(down.get)))),
      place.set(f64x2.add(place.get, f64x2.const(2))),
      ...[gradient, up, down].map((address) => address.advance(F64_PAIR)),
      ...[rowI, rowJ].map((address) => address.advance(F32_PAIR)),
    ),
    ...storeInTurn(result, lowest, lowestAt, highest),
  );
  return f;
}

/**
 * The partner of the largest second-order gain. The result, each of the even and of the odd places: square and curvature of the best, where
 * it is.
 */
export function partner(): FunctionBuilder {
  const f = new FunctionBuilder('partner', {
    gradient: ADDRESS,
    end: ADDRESS,
    down: ADDRESS,
    diagonal: ADDRESS,
    rowI: ADDRESS,
    result: ADDRESS,
    smallestUp: NUMBER,
    diagonalI: NUMBER,
  });
  const { gradient, end, down, diagonal, rowI, result, smallestUp, diagonalI } = f.parameters;
  const { gap, square, curvature, better, place } = f.locals('v128', 'gap', 'square', 'curvature', 'better', 'place');
  const { bestSquare, bestCurvature, bestAt } = f.locals('v128', 'bestSquare', 'bestCurvature', 'bestAt');
  const isGap = f64x2.gt(gap.get, f64x2.const(0));
  const twice = f64x2.mul(f64x2.const(2), promoted(rowI));
  const ownCurvature = f64x2.sub(f64x2.add(f64x2.splat(diagonalI.get), v128.load(diagonal.get)), twice);
  const gainsMore = f64x2.gt(f64x2.mul(square.get, bestCurvature.get), f64x2.mul(bestSquare.get, curvature.get));
  f.do(
    bestSquare.set(f64x2.const(0)),
    bestCurvature.set(f64x2.const(1)),
    bestAt.set(f64x2.const(-1)),
    place.set(f64x2.const(0, 1)),
    repeatWhile(
      i32.ltU(gradient.get, end.get),
      gap.set(f64x2.sub(f64x2.add(v128.load(gradient.get), v128.load(down.get)), f64x2.splat(smallestUp.get))),
      when(
        v128.anyTrue(isGap),
        square.set(f64x2.mul(gap.get, gap.get)),
        curvature.set(f64x2.max(ownCurvature, f64x2.const(LEAST_CURVATURE))),
        better.set(v128.and(isGap, gainsMore)),
        bestSquare.set(v128.select(square.get, bestSquare.get, better.get)),
        bestCurvature.set(v128.select(curvature.get, bestCurvature.get, better.get)),
        bestAt.set(v128.select(place.get, bestAt.get, better.get)),
      ),
      place.set(f64x2.add(place.get, f64x2.const(2))),
      ...[gradient, down, diagonal].map((address) => address.advance(F64_PAIR)),
      rowI.advance(F32_PAIR),
    ),
    ...storeInTurn(result, bestSquare, bestCurvature, bestAt),
  );
  return f;
}

/** sums += factor · row. */
export function addMultiple(): FunctionBuilder {
  const f = new FunctionBuilder('addMultiple', { sums: ADDRESS, end: ADDRESS, row: ADDRESS, factor: NUMBER });
  const { sums, end, row, factor } = f.parameters;
  f.do(
    repeatWhile(
      i32.ltU(sums.get, end.get),
      v128.store(sums.get, f64x2.add(v128.load(sums.get), f64x2.mul(f64x2.splat(factor.get), promoted(row)))),
      sums.advance(F64_PAIR),
      row.advance(F32_PAIR),
    ),
  );
  return f;
}

const storeInTurn = (result: Variable, ...values: Variable[]): Code[] =>
  values.flatMap((value) => [v128.store(result.get, value.get), result.advance(F64_PAIR)]);
