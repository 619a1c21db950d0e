import { parseFileName, readFileFields, readTimeInfo, readZeitschritte } from '../../../src/api/drafts';
import { labelOfFile } from '../../../src/domain/settings';
import { filePatch } from '../../../src/api/drafts';
import type { FileRow } from '../../../src/store/types';

/** Reads a draft and collects what was reported, as "path: sentence". */
function read<T>(
  reader: (value: Record<string, unknown>, report: (path: readonly string[], message: string) => void) => T,
  value: Record<string, unknown>,
) {
  const wrong: string[] = [];
  return { value: reader(value, (path) => wrong.push(path.join('.'))), wrong };
}

describe('timeInfo as the running frontend saves it', () => {
  it('is kept text for text', () => {
    const jahr = {
      detaillierteBerechnung: true,
      datenform: 'Zeit Horizont',
      zeithorizontStart: '1',
      zeithorizontEnd: '12',
      skalierung: 'nein',
      skalierungMin: '',
      skalierungMax: '',
    };
    const feiertag = { datenform: 'Aktuelle zeit', land: 'Österreich' };
    const sent = {
      session_id: '',
      jahr: true,
      monat: false,
      woche: false,
      tag: false,
      feiertag: true,
      zeitzone: 'Europe/Vienna',
      category_data: { jahr, feiertag },
    };
    const { value, wrong } = read(readTimeInfo, sent);
    expect(wrong).toEqual([]);
    expect(value).toEqual({
      jahr: true,
      monat: false,
      woche: false,
      tag: false,
      feiertag: true,
      zeitzone: 'Europe/Vienna',
      category_data: { jahr, feiertag },
    });
  });

  it('has UTC for an empty time zone and false for absent flags', () => {
    expect(read(readTimeInfo, { zeitzone: '' }).value).toEqual({
      jahr: false,
      monat: false,
      woche: false,
      tag: false,
      feiertag: false,
      zeitzone: 'UTC',
      category_data: {},
    });
  });

  it('drops keys it does not know, at every level', () => {
    const { value } = read(readTimeInfo, {
      id: 'x',
      created_at: 'y',
      category_data: { jahr: { datenform: 'Zeithorizont', evil: 1, land: 'Deutschland' }, quartal: {} },
    });
    expect(value.category_data).toEqual({ jahr: { datenform: 'Zeithorizont' } });
  });

  it('spreads the flat old form over the groups that are switched on and have no entry of their own', () => {
    const sent = {
      jahr: true,
      woche: true,
      feiertag: true,
      lokalzeit: true,
      land: 'Deutschland',
      datenform: 'Zeit Horizont',
      zeithorizontStart: 0,
      zeithorizontEnd: 24,
      skalierung: 'ja',
      category_data: { woche: { datenform: 'Aktuelle Zeit' } },
    };
    const flat = { datenform: 'Zeit Horizont', zeithorizontStart: 0, zeithorizontEnd: 24, skalierung: 'ja' };
    expect(read(readTimeInfo, sent).value.category_data).toEqual({
      jahr: flat,
      woche: { datenform: 'Aktuelle Zeit' },
      feiertag: { ...flat, land: 'Deutschland' },
    });
  });

  it('is refused for wrong JSON types and over-long text only, all at once', () => {
    const { wrong } = read(readTimeInfo, {
      jahr: 'manchmal',
      zeitzone: 'x'.repeat(256),
      category_data: { monat: [], tag: { detaillierteBerechnung: 'vielleicht', zeithorizontStart: {}, skalierung: 'egal' } },
    });
    expect(wrong).toEqual([
      'jahr',
      'zeitzone',
      'category_data.monat',
      'category_data.tag.detaillierteBerechnung',
      'category_data.tag.zeithorizontStart',
    ]);
    expect(read(readTimeInfo, { category_data: [] }).wrong).toEqual(['category_data']);
  });

  it('refuses text that the database cannot hold', () => {
    expect(read(readTimeInfo, { zeitzone: 'UTC\0' }).wrong).toEqual(['zeitzone']);
    expect(read(readTimeInfo, { zeitzone: '\ud800' }).wrong).toEqual(['zeitzone']);
  });
});

describe('zeitschritte', () => {
  it('are stored as text, empty ones as not given', () => {
    expect(read(readZeitschritte, { eingabe: '1', ausgabe: 3, zeitschrittweite: '', offset: null }).value).toEqual({
      eingabe: '1',
      ausgabe: '3',
      zeitschrittweite: null,
      offset: null,
    });
  });

  it("prefer the client's old spelling of offset", () => {
    expect(read(readZeitschritte, { offset: '1', offsett: '2' }).value.offset).toBe('2');
    for (const offsett of [null, '']) {
      expect(read(readZeitschritte, { offset: '7', offsett }).value.offset).toBe('7');
      expect(readFileFields({ offset: '7', offsett }, () => undefined)).toEqual({ offset: '7' });
    }
  });

  it.each(['0', '4097', 4097, '-3', '1e9', 0])('refuse the step count %j', (eingabe) => {
    expect(read(readZeitschritte, { eingabe }).wrong).toEqual(['eingabe']);
  });

  it.each(['1', 4096, 'zwölf', '12,5', ' 96 '])('keep the draft %j', (ausgabe) => {
    const { value, wrong } = read(readZeitschritte, { ausgabe });
    expect(wrong).toEqual([]);
    expect(value.ausgabe).toBe(String(ausgabe));
  });

  it('refuse lists, objects and flags', () => {
    expect(read(readZeitschritte, { eingabe: [1], offset: {}, zeitschrittweite: true }).wrong).toEqual([
      'eingabe',
      'zeitschrittweite',
      'offset',
    ]);
  });
});

describe('fields of a file', () => {
  it('are recognised in both spellings, and with a decomposed Ü once the keys are normalised', () => {
    const key = 'mittelwertbildungU\u0308berDenZeithorizont'.normalize('NFC');
    const { value } = read(readFileFields, {
      zeithorizontStart: -24,
      zeithorizont_end: '0',
      [key]: ' JA ',
      skalierung: false,
      offsett: 'var',
      zeitschrittweiteMittelwert: '3.09',
    });
    expect(value).toEqual({
      zeithorizont_start: '-24',
      zeithorizont_end: '0',
      mittelwertbildung_uber_den_zeithorizont: 'ja',
      skalierung: 'nein',
      offset: 'var',
      zeitschrittweite_mittelwert: '3.09',
    });
  });

  it('ignore ids, times, storage paths and everything unknown', () => {
    expect(
      read(readFileFields, { id: '1756815731190', createdAt: '', updatedAt: '', storagePath: '/etc/passwd', user_id: 'x', __proto__: {} })
        .value,
    ).toEqual({});
  });

  it('read "" and null as not given and keep drafts', () => {
    const { value, wrong } = read(readFileFields, {
      datenform: '',
      datenanpassung: '55',
      zeithorizontStart: 'bald',
      skalierung: 'vielleicht',
      skalierungMin: null,
      type: 'unknown',
    });
    expect(wrong).toEqual([]);
    expect(value).toEqual({
      datenform: null,
      datenanpassung: '55',
      zeithorizont_start: 'bald',
      skalierung: 'vielleicht',
      skalierung_min: null,
      type: null,
    });
  });

  it.each<[string, string | null]>([
    ['2023-09-13 13:27:00', '2023-09-13 13:27:00'],
    ['2023-09-13T15:27:00.500+02:00', '2023-09-13 13:27:00.5'],
    ['gestern', null],
  ])('store the time %s as %s', (sent, stored) => {
    expect(read(readFileFields, { utcMin: sent }).value.utc_min).toBe(stored);
  });

  it('are refused with their key for wrong types, a wrong role and a path as a name', () => {
    expect(
      read(readFileFields, { fileName: '../x.csv', type: 'sideways', skalierungMax: [1], bezeichnung: 'x'.repeat(256) }).wrong,
    ).toEqual(['fileName', 'bezeichnung', 'type', 'skalierungMax']);
  });
});

describe('a change of a stored file', () => {
  const row = { file_name: 'Last.csv', valid: true } as FileRow;

  it("keeps the server's statistics of readable content", () => {
    expect(filePatch({ min: '1', utc_min: null, datenform: 'Aktueller Wert' }, row)).toEqual({ datenform: 'Aktueller Wert' });
    expect(filePatch({ min: '1' }, { ...row, valid: false })).toEqual({ min: '1' });
  });

  it('gives columns that are never empty their defaults', () => {
    expect(filePatch({ bezeichnung: null, type: null, mittelwertbildung_uber_den_zeithorizont: null, skalierung: null }, row)).toEqual({
      bezeichnung: 'Last',
      mittelwertbildung_uber_den_zeithorizont: 'nein',
      skalierung: null,
    });
  });
});

describe('file names', () => {
  it.each(['Leistung.csv', '22.csv', 'Lüfter [kW].csv', '.hidden', 'a', 'ä'.repeat(255), '日本.csv'])('accepts %s', (name) => {
    expect(parseFileName(name)).toBe(name);
  });

  it.each(['', '.', '..', 'a..b', '../x', 'a/b', 'a\\b', 'a\nb', 'a\0', 'a\u0085b', 'x'.repeat(256), '\ud800'])('refuses %j', (name) => {
    expect(parseFileName(name)).toBeNull();
  });

  it('are compared in one Unicode form', () => {
    expect(parseFileName('Lu\u0308fter.csv')).toBe('Lüfter.csv');
  });

  it.each([
    ['Last.csv', 'Last'],
    ['a.b.csv', 'a.b'],
    ['noext', 'noext'],
    ['.hidden', '.hidden'],
  ])('%s is labelled %s', (name, label) => {
    expect(labelOfFile(name)).toBe(label);
  });
});
