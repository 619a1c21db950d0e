import { columnOrder, parseDatasetSettings } from '../../../src/domain/settings';

const input = { bezeichnung: 'Last', type: 'input', zeithorizontStart: '-1', zeithorizontEnd: '0' };
const output = { bezeichnung: 'Preis', type: 'output', zeithorizontStart: 0, zeithorizontEnd: 1 };
const zeitschritte = { eingabe: '13', ausgabe: '13', zeitschrittweite: '15', offset: '0' };

interface Draft {
  files?: Record<string, unknown>[];
  zeitschritte?: Record<string, unknown> | null;
  timeInfo?: Record<string, unknown> | null;
}
const parse = (draft: Draft = {}) => parseDatasetSettings({ files: [input, output], zeitschritte, timeInfo: null, ...draft });
const good = (draft: Draft = {}) => {
  const { settings, findings } = parse(draft);
  if (!settings) throw new Error(JSON.stringify(findings));
  return settings;
};
const codes = (draft: Draft) => parse(draft).findings.map(({ code }) => code);

describe('series settings', () => {
  it('fills every default', () => {
    expect(good({ files: [{ fileName: 'Last.csv' }, { type: 'output', fileName: 'Preis.CSV' }] }).series).toEqual([
      {
        label: 'Last',
        role: 'input',
        dataForm: 'historical',
        horizonStartH: -1,
        horizonEndH: 0,
        horizonDefaulted: true,
        alignment: 'linear',
        horizonMean: false,
        scale: true,
        scaleMin: 0,
        scaleMax: 1,
      },
      {
        label: 'Preis',
        role: 'output',
        dataForm: 'historical',
        horizonStartH: 0,
        horizonEndH: 1,
        horizonDefaulted: true,
        alignment: 'linear',
        horizonMean: false,
        scale: true,
        scaleMin: 0,
        scaleMax: 1,
      },
    ]);
  });

  it('reads API and database spellings alike', () => {
    const api = {
      ...input,
      datenform: 'Historische Prognosen',
      datenanpassung: 'Nächster Wert',
      mittelwertbildungÜberDenZeithorizont: 'ja',
      skalierung: 'ja',
      skalierungMin: '-1',
      skalierungMax: '0,5',
    };
    const database = {
      bezeichnung: 'Last',
      type: 'input',
      datenform: 'Historische Prognosen',
      datenanpassung: 'Nächster Wert',
      zeithorizont_start: '-1',
      zeithorizont_end: '0',
      mittelwertbildung_uber_den_zeithorizont: 'ja',
      skalierung: 'ja',
      skalierung_min: '-1',
      skalierung_max: '0.5',
      id: 'x',
      color_index: 0,
    };
    const expected = {
      dataForm: 'historicalForecast',
      alignment: 'nearest',
      horizonMean: true,
      scale: true,
      scaleMin: -1,
      scaleMax: 0.5,
      horizonDefaulted: false,
    };
    expect(good({ files: [api, output] }).series[0]).toMatchObject(expected);
    expect(good({ files: [database, output] }).series[0]).toMatchObject(expected);
  });

  it('recognises a decomposed Ü in the key', () => {
    const key = 'mittelwertbildungU\u0308berDenZeithorizont';
    expect(good({ files: [{ ...input, [key]: ' JA ' }, output] }).series[0]!.horizonMean).toBe(true);
  });

  it('compares option words without blanks and case', () => {
    expect(
      good({ files: [{ ...input, datenform: 'aktueller  wert', datenanpassung: 'MITTELWERTBILDUNG' }, output] }).series[0],
    ).toMatchObject({ dataForm: 'currentValue', alignment: 'mean' });
  });

  it('switches scaling off only by an explicit nein', () => {
    expect(['nein', 'NEIN ', false].map((skalierung) => good({ files: [{ ...input, skalierung }, output] }).series[0]!.scale)).toEqual([
      false,
      false,
      false,
    ]);
    expect(['', null, 'ja', true].map((skalierung) => good({ files: [{ ...input, skalierung }, output] }).series[0]!.scale)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('does not check a scaling range that is not used', () => {
    expect(good({ files: [{ ...input, skalierung: 'nein', skalierungMin: '3', skalierungMax: '3' }, output] }).series[0]!.scale).toBe(
      false,
    );
  });

  it('ignores the horizon of a current value', () => {
    expect(
      good({ files: [{ ...input, datenform: 'Aktueller Wert', zeithorizontStart: '5', zeithorizontEnd: '1' }, output] }).series,
    ).toHaveLength(2);
  });

  it('refuses a horizon whose instants are no longer exact, of a series or of a time group', () => {
    const far = { zeithorizontStart: '-1e12', zeithorizontEnd: '0' };
    const [finding, ...others] = parse({ files: [{ ...input, ...far }, output] }).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'HORIZON', file: 'Last', context: { zeithorizontStart: -1e12, zeithorizontEnd: 0 } });
    expect(finding!.message).toContain('at most 2000000 hours away');
    expect(codes({ timeInfo: { tag: true, category_data: { tag: far } } })).toEqual(['HORIZON']);
    expect(codes({ timeInfo: { tag: true, category_data: { tag: { ...far, datenform: 'Aktuelle Zeit' } } } })).toEqual([]);
    expect(codes({ files: [{ ...input, ...far, zeithorizontStart: -2e6 }, output] })).toEqual([]);
  });

  it('sorts inputs before outputs and keeps the order within a role', () => {
    const files = [output, input, { ...input, bezeichnung: 'Wind' }];
    expect(good({ files }).series.map(({ label }) => label)).toEqual(['Last', 'Wind', 'Preis']);
    expect(columnOrder(files)).toEqual([1, 2, 0]);
  });

  it('allows one label once per role', () => {
    expect(codes({ files: [input, { ...output, bezeichnung: 'Last' }] })).toEqual([]);
    expect(parse({ files: [input, input, output] }).findings).toMatchObject([
      { code: 'LABEL_DUPLICATE', context: { role: 'input', label: 'Last' } },
    ]);
  });

  it('warns about defaulted horizons and an ignored mean', () => {
    const current = { ...input, datenform: 'Aktueller Wert', mittelwertbildung_uber_den_zeithorizont: 'ja' };
    expect(parse({ files: [current, { ...output, zeithorizontStart: '', zeithorizontEnd: null }] }).warnings).toMatchObject([
      { code: 'AVG_IGNORED', context: { label: 'Last' } },
      { code: 'DEFAULT_HORIZON', context: { label: 'Preis', zeithorizontStart: 0, zeithorizontEnd: 1 } },
    ]);
  });

  it('collects every finding at once', () => {
    const draft: Draft = {
      files: [
        {
          ...input,
          datenform: '55',
          datenanpassung: '4',
          zeithorizontStart: '2',
          zeithorizontEnd: '1',
          skalierungMin: 1,
          skalierungMax: 1,
          type: 'sideways',
        },
        { ...input, skalierung: 'vielleicht', zeithorizontStart: 'x' },
      ],
      zeitschritte: { eingabe: '2.5', ausgabe: 5000, zeitschrittweite: 0, offset: 60 },
      timeInfo: {
        tag: true,
        feiertag: true,
        zeitzone: 'Europe/Wien',
        category_data: {
          tag: { datenform: 'morgen' },
          feiertag: { land: 'Atlantis', datenform: 'Zeithorizont', zeithorizontStart: 1, zeithorizontEnd: 1 },
        },
      },
    };
    expect(codes(draft).sort()).toEqual(
      [
        'UNKNOWN_OPTION',
        'UNKNOWN_OPTION',
        'UNKNOWN_OPTION',
        'HORIZON',
        'SCALE_RANGE', // first series
        'UNKNOWN_OPTION',
        'HORIZON', // second series
        'LABEL_DUPLICATE',
        'NO_OUTPUT',
        'STEPS_RANGE',
        'STEPS_RANGE',
        'REF_STEP',
        'REF_OFFSET',
        'TIME_ZONE',
        'UNKNOWN_OPTION',
        'HOLIDAY_CALENDAR',
        'HORIZON',
      ].sort(),
    );
    expect(parse(draft).settings).toBeNull();
  });

  it('names the series and the allowed words of an unknown option', () => {
    expect(parse({ files: [{ ...input, datenanpassung: '55' }, output] }).findings).toEqual([
      {
        code: 'UNKNOWN_OPTION',
        message: '"Last": datenanpassung "55" is unknown; allowed: Lineare Interpolation, Mittelwertbildung, Nächster Wert',
        field: 'datenanpassung',
        file: 'Last',
        context: { value: '55', allowed: ['Lineare Interpolation', 'Mittelwertbildung', 'Nächster Wert'] },
      },
    ]);
  });

  it('misses both roles when nothing was uploaded', () => {
    expect(codes({ files: [] })).toEqual(['NO_INPUT', 'NO_OUTPUT']);
  });
});

describe('step configuration', () => {
  it('reads numbers, texts and decimals, offset 0 when absent', () => {
    expect(good({ zeitschritte: { eingabe: 13, ausgabe: '12.0', zeitschrittweite: '7,5' } }).steps).toEqual({
      inputSteps: 13,
      outputSteps: 12,
      referenceStepMin: 7.5,
      referenceOffsetMin: 0,
    });
  });

  it('prefers the misspelt offsett', () => {
    expect(good({ zeitschritte: { ...zeitschritte, offset: '1', offsett: '7' } }).steps.referenceOffsetMin).toBe(7);
  });

  it('lists what is missing', () => {
    expect(parse({ zeitschritte: null }).findings).toMatchObject([
      { code: 'STEPS_MISSING', context: { missing: ['eingabe', 'ausgabe', 'zeitschrittweite'] } },
    ]);
    expect(parse({ zeitschritte: { ...zeitschritte, ausgabe: '' } }).findings).toMatchObject([
      { code: 'STEPS_MISSING', context: { missing: ['ausgabe'] } },
    ]);
  });

  it.each([
    [{ eingabe: 0 }, 'STEPS_RANGE'],
    [{ ausgabe: 4097 }, 'STEPS_RANGE'],
    [{ eingabe: 'viele' }, 'STEPS_RANGE'],
    [{ zeitschrittweite: '-15' }, 'REF_STEP'],
    [{ zeitschrittweite: 0.01 }, 'REF_STEP'],
    [{ zeitschrittweite: 525_601 }, 'REF_STEP'],
    [{ offset: -1 }, 'REF_OFFSET'],
    [{ offset: 'x' }, 'REF_OFFSET'],
    [{ eingabe: 1 }, 'STEPS_ONE'],
  ])('refuses %j with %s', (change, code) => expect(codes({ zeitschritte: { ...zeitschritte, ...change } })).toEqual([code]));

  it('allows a single step where no series and no time group needs more', () => {
    const mean = { ...input, mittelwertbildung_uber_den_zeithorizont: 'ja' };
    const current = { ...input, bezeichnung: 'Jetzt', datenform: 'Aktueller Wert' };
    const one = { ...zeitschritte, eingabe: 1 };
    expect(codes({ files: [mean, current, output], zeitschritte: one, timeInfo: { woche: true } })).toEqual([]);
    expect(parse({ files: [mean, output], zeitschritte: one, timeInfo: { tag: true } }).findings).toMatchObject([
      { code: 'STEPS_ONE', context: { concerned: ['D'] } },
    ]);
  });
});

describe('time features', () => {
  const groups = (timeInfo: Record<string, unknown>) => good({ timeInfo }).time.groups;

  it('has no groups without a record', () => expect(good().time).toEqual({ timeZone: 'UTC', groups: [] }));

  it('orders groups Y, M, W, D, H and fills their defaults', () => {
    const all = groups({ feiertag: true, tag: 'true', woche: true, monat: true, jahr: true, zeitzone: '' });
    const scaled = { scale: true, scaleMin: 0, scaleMax: 1, localTime: false };
    expect(all).toEqual([
      { group: 'Y', dataForm: 'horizon', horizonStartH: -24, horizonEndH: 0, ...scaled },
      { group: 'M', dataForm: 'horizon', horizonStartH: -1, horizonEndH: 0, ...scaled },
      { group: 'W', dataForm: 'current', horizonStartH: -24, horizonEndH: 0, ...scaled },
      { group: 'D', dataForm: 'horizon', horizonStartH: -24, horizonEndH: 0, ...scaled },
      { group: 'H', dataForm: 'current', horizonStartH: -100, horizonEndH: 0, ...scaled, holidayCalendar: 'AT' },
    ]);
  });

  it('reads what the running client stores', () => {
    const timeInfo = {
      id: 'x',
      session_id: '',
      jahr: true,
      monat: false,
      woche: false,
      tag: false,
      feiertag: true,
      zeitzone: 'Europe/Vienna',
      category_data: {
        jahr: {
          detaillierteBerechnung: true,
          datenform: 'Zeit Horizont',
          zeithorizontStart: '1',
          zeithorizontEnd: '12',
          skalierung: 'nein',
          skalierungMin: '',
          skalierungMax: '',
        },
        feiertag: { datenform: 'Aktuelle zeit', land: 'Deutschland' },
      },
    };
    expect(good({ timeInfo }).time).toMatchObject({
      timeZone: 'Europe/Vienna',
      groups: [
        { group: 'Y', localTime: true, dataForm: 'horizon', horizonStartH: 1, horizonEndH: 12, scale: false },
        { group: 'H', localTime: false, dataForm: 'current', holidayCalendar: 'DE' },
      ],
    });
  });

  it('applies the old flat form to every group without its own entry', () => {
    const flat = {
      jahr: true,
      woche: true,
      detaillierteBerechnung: true,
      datenform: 'Zeit Horizont',
      zeithorizontStart: 0,
      zeithorizontEnd: 24,
      skalierung: 'ja',
      skalierungMin: 0,
      skalierungMax: 100,
    };
    expect(groups({ ...flat, category_data: { woche: { datenform: 'Aktuelle Zeit' } } })).toMatchObject([
      { group: 'Y', localTime: true, horizonStartH: 0, horizonEndH: 24, scaleMax: 100 },
      { group: 'W', localTime: false, dataForm: 'current', scaleMax: 1 },
    ]);
  });
});
