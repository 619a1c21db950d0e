import { FieldReader, lenientNumber, shown, valueText } from './fields';
import type { SplitSettings } from './types';

const PARTS = ['trainPercentage', 'valPercentage', 'testPercentage'] as const;
/** The older form of the client, in fractions. */
const RATIOS = ['train_ratio', 'validation_ratio', 'test_ratio'] as const;
/** Sizes the client sends and nobody uses. */
const SIZES = ['n_train', 'n_val', 'n_test'] as const;
const DEFAULT_PERCENTAGES = [70, 20, 10] as const;
/** Percentages typed with two digits may miss 100 by this much. */
const SUM_TOLERANCE = 0.1;
const DEFAULT_SEED = 42;
const LARGEST_SEED = 4_294_967_295;

/**
 * Split of a training request (http-api B.6).
 *
 * @param topLevel     `seed` and `scaler_fit` beside `training_split`, used where the split has none
 * @param modelRandom  `model_parameters.random_dat`, when given
 */
export function parseSplit(
  fields: FieldReader,
  topLevel: { seed: unknown; scaler_fit: unknown },
  modelRandom: boolean | undefined,
): SplitSettings {
  const [trainPercentage, valPercentage, testPercentage] = parsePercentages(fields);
  const outer = new FieldReader(topLevel, fields.findings);
  const ownRandom = fields.truth('random_dat', 'UNKNOWN_OPTION');
  const shuffle = fields.truth('shuffle', 'UNKNOWN_OPTION');
  return {
    trainPercentage,
    valPercentage,
    testPercentage,
    random: ownRandom ?? modelRandom ?? shuffle ?? false,
    seed: (fields.raw('seed') === undefined ? outer : fields).whole('seed', 'SEED', 0, LARGEST_SEED) ?? DEFAULT_SEED,
    scalerFit: parseScalerFit(fields.raw('scaler_fit') === undefined ? outer : fields),
    ...sizesAsSent(fields),
  };
}

/** Anything but a number is dropped, as unknown keys are. */
function sizesAsSent(fields: FieldReader): Pick<SplitSettings, 'sizesAsSent'> {
  const sent = SIZES.map((key) => [key, fields.raw(key) as number | string] as const).filter(
    ([, value]) => !Number.isNaN(lenientNumber(value)),
  );
  return sent.length === 0 ? {} : { sizesAsSent: Object.fromEntries(sent) };
}

function parsePercentages(fields: FieldReader): [number, number, number] {
  const percentages = PARTS.map((key) => fields.number(key));
  const ratios = RATIOS.map((key) => fields.number(key)).map((ratio) => (ratio === undefined ? undefined : ratio * 100));
  const [keys, given] = percentages.some((value) => value !== undefined) ? [PARTS, percentages] : [RATIOS, ratios];
  if (given.every((value) => value === undefined)) return [...DEFAULT_PERCENTAGES];
  const [train, val, test] = given.map((value) => value ?? NaN) as [number, number, number];
  const sum = train + val + test;
  const valid =
    [train, val, test].every((value) => value >= 0 && value <= 100 + 1e-9) && train > 0 && Math.abs(sum - 100) <= SUM_TOLERANCE + 1e-9;
  if (valid) return [train, val, test];
  const values = given.map((value, index) => shown(value, fields.text(keys[index]!)));
  fields.report({
    code: 'SPLIT_PERCENT',
    message:
      `trainPercentage, valPercentage and testPercentage must each be between 0 and 100 (train above 0) and add up to 100, ` +
      `not ${values.join(' + ')} = ${shown(sum)}`,
    field: 'training_split',
    context: { values, sum: shown(sum) },
  });
  return [...DEFAULT_PERCENTAGES];
}

function parseScalerFit(fields: FieldReader): SplitSettings['scalerFit'] {
  const raw = fields.raw('scaler_fit');
  if (raw === undefined || raw === 'train') return 'train';
  if (raw === 'all') return 'all';
  fields.report({
    code: 'SCALER_FIT',
    message: `scaler_fit must be "train" or "all", not ${valueText(raw)}`,
    field: 'scaler_fit',
    context: { value: valueText(raw) },
  });
  return 'train';
}
