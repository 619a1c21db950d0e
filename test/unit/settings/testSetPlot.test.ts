import { fromFindings } from '../../../src/api/findings';
import { parseTestSetPlot, testSetPlotSyntax } from '../../../src/domain/settings';

const COLUMNS = { input: ['A', 'B', 'D_sin', 'D_cos'], output: ['C', 'Düse'] };
const parse = (request: Parameters<typeof parseTestSetPlot>[0]) => parseTestSetPlot(request, COLUMNS);
const facts = (request: Parameters<typeof parseTestSetPlot>[0]) => parse(request).findings.map(({ code, field }) => [code, field]);

describe('settings of a test-set plot (pipeline 16.3, http-api route 31)', () => {
  it('are the defaults of the table where nothing is given', () => {
    expect(parse({ df_plot_in: { A: true } }).settings).toEqual({
      subplots: 17,
      xAxis: 'time',
      units: 'original',
      yAxes: 'separate',
      seed: null,
      format: 'png',
      selection: { input: [0], output: [], forecast: [] },
    });
  });

  it('are read from texts, and columns in array order whatever the order of their names', () => {
    const { settings } = parse({
      plot_settings: {
        num_sbpl: '100',
        x_sbpl: 'ts',
        y_sbpl_fmt: 'skaliert',
        y_sbpl_set: 'gemeinsame Achse',
        seed: 4_294_967_295,
        format: 'svg',
      },
      df_plot_in: { D_cos: true, A: 'true', B: false },
      df_plot_out: { 'Du\u0308se': true }, // the same letter, composed
      df_plot_fcst: { C: true, Düse: true },
    });
    expect(settings).toEqual({
      subplots: 100,
      xAxis: 'step',
      units: 'scaled',
      yAxes: 'shared',
      seed: 4_294_967_295,
      format: 'svg',
      selection: { input: [0, 3], output: [1], forecast: [0, 1] },
    });
  });

  it.each([0, 101, 2.5, 'many'])('refuse %p subplots', (num_sbpl) =>
    expect(facts({ plot_settings: { num_sbpl }, df_plot_in: { A: true } })).toEqual([['PLOT_RANGE', 'plot_settings.num_sbpl']]),
  );

  it('name unknown columns together with those there are, also when they are switched off', () => {
    const { settings, findings } = parse({ df_plot_in: { A: true, X: true, Y: false }, df_plot_fcst: { A: true } });
    expect(settings).toBeNull();
    expect(findings.map(({ field, context }) => [field, context])).toEqual([
      ['df_plot_in', { names: ['X', 'Y'], allowed: COLUMNS.input }],
      ['df_plot_fcst', { names: ['A'], allowed: COLUMNS.output }],
    ]);
  });

  it('report everything that is wrong at once, in the kind of the route', () => {
    const request = {
      plot_settings: { x_sbpl: 'MEZ', y_sbpl_fmt: 'roh', y_sbpl_set: 'keine', format: 'pdf', seed: -1 },
      df_plot_in: ['A'],
      df_plot_out: { C: 'ja' }, // a word of file settings only
    };
    expect(facts(request).sort()).toEqual(
      [
        ['UNKNOWN_OPTION', 'df_plot_in'],
        ['UNKNOWN_OPTION', 'df_plot_out'],
        ['UNKNOWN_OPTION', 'plot_settings.x_sbpl'],
        ['UNKNOWN_OPTION', 'plot_settings.y_sbpl_fmt'],
        ['UNKNOWN_OPTION', 'plot_settings.y_sbpl_set'],
        ['UNKNOWN_OPTION', 'plot_settings.format'],
        ['SEED', 'plot_settings.seed'],
      ].sort(),
    );
    for (const finding of parse(request).findings)
      expect(fromFindings([finding])).toMatchObject({ code: 'INVALID_PLOT_PARAMS', status: 400 });
  });

  it('are known to be wrong without the columns, but for the names', () => {
    const request = {
      plot_settings: { x_sbpl: 'MEZ', seed: -1 },
      df_plot_in: { X: 'vielleicht' },
      df_plot_out: [1],
      df_plot_fcst: { Y: true },
    };
    expect(testSetPlotSyntax(request).map(({ field }) => field)).toEqual([
      'df_plot_in',
      'df_plot_out',
      'plot_settings.x_sbpl',
      'plot_settings.seed',
    ]);
    expect(testSetPlotSyntax({ df_plot_in: { X: true } })).toEqual([]);
    expect(testSetPlotSyntax({})).toEqual([]);
  });

  it.each([{}, { df_plot_in: { A: false } }, { df_plot_in: null, df_plot_out: {} }])('refuse a plot of nothing: %j', (request) =>
    expect(facts(request)).toEqual([['PLOT_NAME', 'df_plot_in']]),
  );
});
