import type { Finding } from '../findings';
import { FieldReader, shown } from './fields';
import type { SeriesSettings, StepConfig, TimeFeatureSettings } from './types';

const FEWEST_STEPS = 2;
const MOST_STEPS = 4096;
const SECOND_MIN = 1 / 60;
const YEAR_MIN = 525_600;

/**
 * Step configuration (pipeline.md 5.1) with all its findings; null when something is missing or wrong.
 *
 * @param series  decide, with the time groups, whether a single step is enough
 */
export function parseSteps(
  record: object | null,
  series: readonly SeriesSettings[],
  time: TimeFeatureSettings,
  findings: Finding[],
): StepConfig | null {
  const before = findings.length;
  const fields = new FieldReader(record ?? {}, findings);
  const missing = ['eingabe', 'ausgabe', 'zeitschrittweite'].filter((key) => fields.raw(key) === undefined);
  if (missing.length > 0) {
    fields.report({
      code: 'STEPS_MISSING',
      message: `zeitschritte is incomplete, missing: ${missing.join(', ')}`,
      field: 'zeitschritte',
      context: { missing },
    });
  }
  const steps: StepConfig = {
    inputSteps: parseCount(fields, 'eingabe', needingSteps('input', series, time)),
    outputSteps: parseCount(fields, 'ausgabe', needingSteps('output', series, time)),
    referenceStepMin: parseReferenceStep(fields),
    referenceOffsetMin: parseReferenceOffset(fields),
  };
  return findings.length === before ? steps : null;
}

/** Labels of the series and time groups of a role whose windows need at least two points. */
function needingSteps(role: 'input' | 'output', series: readonly SeriesSettings[], time: TimeFeatureSettings): string[] {
  const labels = series.filter((one) => one.role === role && one.dataForm !== 'currentValue' && !one.horizonMean).map((one) => one.label);
  const groups = role === 'input' ? time.groups.filter((group) => group.dataForm === 'horizon').map(({ group }) => group) : [];
  return [...labels, ...groups];
}

function parseCount(fields: FieldReader, key: 'eingabe' | 'ausgabe', needing: readonly string[]): number {
  const count = fields.number(key);
  if (count === undefined) return NaN; // reported as missing
  if (count === 1) {
    if (needing.length > 0) {
      fields.report({
        code: 'STEPS_ONE',
        message: `${key} must be at least ${FEWEST_STEPS}, because these need a step: ${needing.join(', ')}`,
        field: key,
        context: { concerned: needing },
      });
    }
  } else if (!(Number.isInteger(count) && count >= FEWEST_STEPS && count <= MOST_STEPS)) {
    fields.report({
      code: 'STEPS_RANGE',
      message: `${key} must be a whole number between ${FEWEST_STEPS} and ${MOST_STEPS}, not ${fields.text(key)}`,
      field: key,
      context: { value: shown(count, fields.text(key)), min: FEWEST_STEPS, max: MOST_STEPS },
    });
  }
  return count;
}

function parseReferenceStep(fields: FieldReader): number {
  const step = fields.number('zeitschrittweite');
  if (step === undefined) return NaN; // reported as missing
  // 0.0166666667 is meant as one second although it is a hair more or less
  if (!(step >= SECOND_MIN - 1e-6 && step <= YEAR_MIN)) {
    fields.report({
      code: 'REF_STEP',
      message: `zeitschrittweite must be at least one second and at most ${YEAR_MIN} minutes, not ${fields.text('zeitschrittweite')}`,
      field: 'zeitschrittweite',
      context: { value: shown(step, fields.text('zeitschrittweite')) },
    });
  }
  return step;
}

function parseReferenceOffset(fields: FieldReader): number {
  const offset = fields.number('offsett', 'offset') ?? 0;
  if (!(offset >= 0 && offset < 60)) {
    fields.report({
      code: 'REF_OFFSET',
      message: `offset must be at least 0 and less than 60 minutes, not ${fields.text('offsett', 'offset')}`,
      field: 'offset',
      context: { value: shown(offset, fields.text('offsett', 'offset')) },
    });
  }
  return offset;
}
