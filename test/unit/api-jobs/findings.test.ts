import { httpCode } from '../../../src/api/findings';
import type { Finding } from '../../../src/domain/findings';
import { parseDatasetSettings, parseTrainingSettings } from '../../../src/domain/settings';

const input = { type: 'input', bezeichnung: 'a', file_name: 'a.csv' };
const output = { type: 'output', bezeichnung: 'b', file_name: 'b.csv' };
const zeitschritte = { eingabe: '5', ausgabe: '5', zeitschrittweite: '60', offset: '0' };

/** The findings of a job's settings with the codes they are answered with. */
const answered = (changes: {
  files?: Record<string, unknown>[];
  zeitschritte?: Record<string, unknown> | null;
  timeInfo?: Record<string, unknown> | null;
}) =>
  parseDatasetSettings({ files: [input, output], zeitschritte, timeInfo: null, ...changes }).findings.map((finding: Finding) => [
    finding.code,
    httpCode(finding),
  ]);

describe('the code of a refusal', () => {
  it('tells a wrong horizon of a file from one of a time group', () => {
    const horizon = { zeithorizontStart: '2', zeithorizontEnd: '1' };
    expect(answered({ files: [{ ...input, ...horizon }, output] })).toEqual([['HORIZON', 'INVALID_FILE_METADATA']]);
    expect(answered({ timeInfo: { jahr: true, category_data: { jahr: horizon } } })).toEqual([['HORIZON', 'INVALID_TIME_INFO']]);
    expect(answered({ timeInfo: { tag: true, category_data: { tag: { datenform: 'gestern' } } } })).toEqual([
      ['UNKNOWN_OPTION', 'INVALID_TIME_INFO'],
    ]);
    expect(answered({ timeInfo: { zeitzone: 'Mars/Olympus' } })).toEqual([['TIME_ZONE', 'INVALID_TIME_INFO']]);
  });

  it('tells missing steps from wrong ones', () => {
    expect(answered({ zeitschritte: null })).toEqual([['STEPS_MISSING', 'INCOMPLETE_CONFIG']]);
    expect(answered({ zeitschritte: { ...zeitschritte, eingabe: '5000' } })).toEqual([['STEPS_RANGE', 'INVALID_ZEITSCHRITTE']]);
  });

  it('tells an unreadable flag of the model from one of the split', () => {
    const { findings } = parseTrainingSettings({ model_parameters: { random_dat: 'x' }, training_split: { random_dat: 'y', shuffle: 3 } });
    expect(findings.map(httpCode)).toEqual(['INVALID_MODEL_PARAMS', 'INVALID_TRAINING_SPLIT', 'INVALID_TRAINING_SPLIT']);
  });

  it('asks for files first', () => {
    expect(answered({ files: [] })).toEqual([
      ['NO_INPUT', 'NO_FILES'],
      ['NO_OUTPUT', 'NO_FILES'],
    ]);
  });
});
