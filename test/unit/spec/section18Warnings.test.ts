import { readFileSync } from 'node:fs';
import { evaluateBaselines } from '../../../src/domain/baselines';
import { buildDataset } from '../../../src/domain/dataset';
import { evaluateForecasts } from '../../../src/domain/evaluation';
import type { Warning } from '../../../src/domain/findings';
import { parseDatasetSettings, parseTrainingSettings, trainingWarnings } from '../../../src/domain/settings';
import { renderViolins } from '../../../src/plots';
import { KEPT_REFERENCES, SERIES, SPLIT } from '../../golden/example';
import { GOLDEN_SERIES, GOLDEN_SETTINGS } from '../dataset/support';
import { exampleForecast } from '../evaluation/exampleForecast';

const parsed = (input: object, output: object) =>
  parseDatasetSettings({
    files: [
      { bezeichnung: 'Last', zeithorizontStart: -1, zeithorizontEnd: 0, ...input },
      { bezeichnung: 'Preis', type: 'output', zeithorizontStart: 0, zeithorizontEnd: 1, ...output },
    ],
    zeitschritte: { eingabe: 5, ausgabe: 5, zeitschrittweite: 15 },
    timeInfo: null,
  });

const ofTraining = (model_parameters: object, output: object = {}): Warning[] => {
  const { settings } = parseTrainingSettings({ model_parameters });
  return trainingWarnings(settings!, parsed({}, output).settings!);
};

const forecast = exampleForecast('all');

/** Told by a part whose own tests show it. */
type Elsewhere = (typeof ELSEWHERE)[number];
const ELSEWHERE = ['SVR_SUBSAMPLED'] as const;

interface Remark {
  produce: () => readonly Warning[];
  message: readonly string[];
  context: Record<string, unknown>;
}

/** Each warning of pipeline.md 18 with the smallest input that leads to it. */
const REMARKS: Record<Exclude<Warning['code'], Elsewhere>, Remark> = {
  AVG_IGNORED: {
    produce: () => parsed({ datenform: 'Aktueller Wert', mittelwertbildung_uber_den_zeithorizont: 'ja' }, {}).warnings,
    message: ['"Last"', 'ignored'],
    context: { label: 'Last', role: 'input' },
  },
  DEFAULT_HORIZON: {
    produce: () => parsed({ zeithorizontStart: '', zeithorizontEnd: null }, {}).warnings,
    message: ['"Last"', '-1 to 0 h'],
    context: { label: 'Last', role: 'input', zeithorizontStart: -1, zeithorizontEnd: 0 },
  },
  UNSCALED_TARGET: {
    produce: () => ofTraining({ MODE: 'CNN' }, { skalierung: 'nein' }),
    message: ['Preis'],
    context: { labels: ['Preis'] },
  },
  RANDOM_SPLIT: { produce: () => ofTraining({ random_dat: true }), message: ['random order', 'optimistic'], context: { seed: 42 } },
  AR_LSTM_IS_LSTM: { produce: () => ofTraining({ MODE: 'AR LSTM' }), message: ['AR LSTM', 'nothing is fed back'], context: {} },
  MAPE_ZERO_TRUTH: {
    produce: () => evaluateForecasts(forecast).warnings.filter(({ context }) => context['family'] === 'val_scaled'),
    message: ['"D"', 'val_scaled', 'level 1'],
    context: { output: 'D', level: 1, family: 'val_scaled' },
  },
  WORSE_THAN_BASELINE: {
    produce: () =>
      evaluateBaselines({
        settings: { ...GOLDEN_SETTINGS, series: GOLDEN_SETTINGS.series.filter(({ label }) => label !== 'D') },
        outputs: [SERIES.C],
        refTimes: Float64Array.from(KEPT_REFERENCES.slice(SPLIT.train + SPLIT.validation), (row) => SERIES.C.times[row]!),
        model: forecast.testOriginal,
      }).warnings,
    message: ['"C"', '"daily"', '2.361', '3.888'],
    context: { output: 'C', baseline: 'daily' },
  },
  EMPTY_PLOT: {
    produce: () => {
      const [input, ...others] = GOLDEN_SETTINGS.series;
      const settings = { ...GOLDEN_SETTINGS, series: [input!, others[1]!] };
      const { warnings } = renderViolins({ ...buildDataset(GOLDEN_SERIES, settings), windowCount: 0 }, []);
      return warnings.slice(0, 1);
    },
    message: ['A'],
    context: { column: 'A' },
  },
};

describe('every warning of pipeline.md 18', () => {
  it.each(Object.entries(REMARKS))('%s says what it is about', (code, { produce, message, context }) => {
    const [warning, ...others] = produce();
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code, context });
    for (const fact of message) expect(warning!.message).toContain(fact);
  });

  it('is a case of its own here: no code without a test', () => {
    const source = readFileSync('src/domain/findings.ts', 'utf8');
    const union = /export interface Warning {\s+code:([^;]*);/.exec(source)![1]!;
    const codes = [...union.matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect([...Object.keys(REMARKS), ...ELSEWHERE].sort()).toEqual(codes.sort());
  });
});
