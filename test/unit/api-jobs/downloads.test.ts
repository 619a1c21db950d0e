import { isModelFileName } from '../../../src/api/http/modelFileName';
import { isKnown, parseRange } from '../../../src/api/http/objectDownload';
import { newestModel } from '../../../src/api/models/newest';
import { modelRow } from './rows';

describe('names of model files', () => {
  it.each(['dense_all_20240115_103000.h5', 'lin netzlast.json', 'Wärme.h5', 'a'.repeat(255)])('takes %s', (name) => {
    expect(isModelFileName(name)).toBe(true);
  });

  it.each(['', '.hidden', '../x.h5', 'a..b', 'a/b.h5', 'a\\b.h5', 'a\u0000.h5', 'a\n.h5', 'a\u0085', 'a'.repeat(256)])(
    'refuses %j',
    (name) => {
      expect(isModelFileName(name)).toBe(false);
    },
  );
});

describe('conditional requests (RFC 9110, 13.1.2)', () => {
  it.each(['"5e"', 'W/"5e"', '"00", "5e"', '*'])('If-None-Match: %s names the version 5e', (header) => {
    expect(isKnown(header, '5e')).toBe(true);
  });

  it.each(['', '"00"', '5e', '"5e'])('If-None-Match: %s does not', (header) => {
    expect(isKnown(header, '5e')).toBe(false);
  });
});

describe('byte ranges (RFC 9110, 14)', () => {
  it.each([
    ['bytes=0-7', { start: 0, end: 7 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=90-500', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['', null],
    ['bytes=7-0', null],
    ['bytes=0-1,5-6', null],
    ['items=0-7', null],
    ['bytes=-', null],
  ] as const)('%s of 100 bytes', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });
});

describe('the model a download means without a name', () => {
  it('is the network file of the newest run', () => {
    const files = (['bin', 'json', 'h5', 'keras'] as const).map((format) =>
      modelRow({ run_id: 'new', filename: `dense.${format}`, format }),
    );
    expect(newestModel([...files, modelRow({ run_id: 'old', filename: 'old.h5' })])?.filename).toBe('dense.h5');
  });

  it('is the parameter file when the newest model is no network, even if older networks exist', () => {
    const linear = modelRow({ run_id: 'new', filename: 'lin.json', format: 'json' });
    expect(newestModel([linear, modelRow({ run_id: 'old', filename: 'old.h5' })])).toBe(linear);
  });

  it('does not exist in a session without models', () => {
    expect(newestModel([])).toBeUndefined();
  });
});
