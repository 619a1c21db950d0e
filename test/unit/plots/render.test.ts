import { buildDataset } from '../../../src/domain/dataset';
import { parseDatasetSettings } from '../../../src/domain/settings';
import { renderViolins } from '../../../src/plots';
import { pixelsOf } from './pixels';

const HOUR = 3_600_000_000;

/** Two inputs, one of them constant, one time group, one output; two days of hours. */
function dataset() {
  const file = (type: 'input' | 'output', bezeichnung: string) => ({
    type,
    bezeichnung,
    fileName: `${bezeichnung}.csv`,
    zeithorizontStart: '0',
    zeithorizontEnd: '2',
  });
  const { settings } = parseDatasetSettings({
    files: [file('input', 'load [kW]'), file('input', 'flat'), file('output', 'out')],
    zeitschritte: { eingabe: '3', ausgabe: '3', zeitschrittweite: '60', offset: '0' },
    timeInfo: { tag: true, zeitzone: 'UTC', category_data: {} },
  });
  if (!settings) throw new Error('the settings of this test are valid');
  const times = Float64Array.from({ length: 48 }, (_, i) => 1_704_067_200_000_000 + i * HOUR);
  const values = [(i: number) => Math.sin(i), () => 3, (i: number) => i % 7];
  const series = settings.series.map(({ label, role }, k) => ({
    label,
    role,
    times,
    values: Float64Array.from(times, (_, i) => values[k]?.(i) ?? 0),
  }));
  return buildDataset(series, settings);
}

/** Width and height of a PNG, from its header. */
const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

describe('violin figures', () => {
  const built = dataset();
  const { plots, warnings } = renderViolins(built, ['kW', null, 'kW']);

  it('are one for each column and one for each side, with keys and labels of the columns', () => {
    expect(plots.map(({ name, side, label }) => [name, side, label])).toEqual([
      ['input_load_[kW]', 'input', 'IN1'],
      ['input_flat', 'input', 'IN2'],
      ['time_D_sin', 'time', 'IN3'],
      ['time_D_cos', 'time', 'IN4'],
      ['input_violin_plot', null, null],
      ['output_out', 'output', 'OUT1'],
      ['output_violin_plot', null, null],
    ]);
    expect(warnings).toEqual([]);
  });

  it('measure 3 × 6 inches, combined two inches a column but at least three', () => {
    const sizes = Object.fromEntries(plots.map(({ name, image }) => [name, sizeOf(image)]));
    expect(sizes['input_flat']).toEqual([300, 600]);
    expect(sizes['input_violin_plot']).toEqual([800, 600]);
    expect(sizes['output_violin_plot']).toEqual([300, 600]);
  });

  it('stand on white, in the colour of their column with three quarters of its saturation', async () => {
    const { data, width } = await pixelsOf(plots[0]!.image);
    expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    // seaborn's face for the first colour of tab20: desaturate('#1f77b4', 0.75)
    const middle = (300 * width + 180) * 4;
    expect([...data.subarray(middle, middle + 3)]).toEqual([50, 116, 161]);
  });

  it('are the same bytes every time, and differ between columns', () => {
    const again = renderViolins(built, ['kW', null, 'kW']);
    expect(again.plots.map(({ image }) => image.toString('base64'))).toEqual(plots.map(({ image }) => image.toString('base64')));
    expect(new Set(plots.map(({ image }) => image.toString('base64'))).size).toBe(plots.length);
  });

  it('are vectors on request, each id once in a document', () => {
    const combined = renderViolins(built, [null, null, null], 'svg').plots.find(({ name }) => name === 'input_violin_plot');
    const svg = combined?.image.toString('utf8') ?? '';
    expect(combined?.mime).toBe('image/svg+xml');
    expect(svg.match(/<svg /g)).toHaveLength(1 + 4);
    expect(svg).not.toContain('<image');
    const ids = [...svg.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]);
    expect(ids).toEqual(expect.arrayContaining(used));
  });
});
