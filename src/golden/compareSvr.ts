import type { SvrModelDocument } from '../domain/models';
import type { Checks } from './checks';
import { ofSize, sizeOf, TOLERANCE } from './tolerances';
import type { ExpectedSvr } from './types';

/** The support vector machines of a case, one per output. */
export function compareSvr(checks: Checks, { outputs, standardisation }: SvrModelDocument, expected: readonly ExpectedSvr[]): void {
  checks.same('svr outputs', outputs.length, expected.length);
  for (const [index, want] of expected.entries()) {
    const got = outputs[index];
    if (!got) continue;
    const name = `svr[${index}]`;
    const { dual_coefficients: dual, support_vectors: vectors } = got;
    const close = (part: string, actual: number | undefined, wanted: number) =>
      checks.close(`${name}.${part}`, actual, wanted, TOLERANCE.support);
    checks.same(`${name}.output`, got.name, want.output);
    // scikit-learn keeps equal rows apart; how many of them share a coefficient is its solver's choice between these two
    const { fewest, most } = got.support_rows;
    checks.close(`${name}.n_support`, Math.min(Math.max(want.n_support, fewest), most), want.n_support, TOLERANCE.supportRows);
    close('intercept', got.bias, want.intercept);
    close(
      'dual_sum_abs',
      dual.reduce((sum, value) => sum + Math.abs(value), 0),
      want.dual_sum_abs,
    );
    checks.close(`${name}.gamma`, got.gamma, want.gamma, TOLERANCE.value);
    want.mean.forEach((value, i) => checks.close(`${name}.mean[${i}]`, standardisation.means[i], value, TOLERANCE.value));
    want.scale.forEach((value, i) => checks.close(`${name}.scale[${i}]`, standardisation.deviations[i], value, TOLERANCE.value));
    const slopes = want.coefficients_if_linear ?? [];
    slopes.forEach((value, i) => {
      const slope = vectors.reduce((sum, vector, s) => sum + dual[s]! * vector[i]!, 0);
      checks.close(`${name}.coefficients_if_linear[${i}]`, slope, value, ofSize(TOLERANCE.support, sizeOf(slopes)));
    });
  }
}
