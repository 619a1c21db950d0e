import { fitScaler, scaleTable, tableByName, tableByOrder } from '../../../src/domain/scaling';

const names = ['Temperatur', 'Wind', 'Druck'];
const scalers = {
  '0': fitScaler('Temperatur', { min: -10, max: 30 }, { min: 0, max: 1 }, 100),
  '1': null,
  '2': fitScaler('Druck', { min: 900, max: 1100 }, { min: -1, max: 1 }, 100),
};
const column = (...values: (number | null)[]) => Float64Array.from(values, (value) => value ?? NaN);

describe('scaling a table', () => {
  it('scales each column by its own scaler, without clipping, and keeps gaps', () => {
    const columns = tableByOrder([column(-10, 50, null), column(1, 2, 3), column(1000, 900, 1200)], names, scalers);
    const { values, info, names: shown } = scaleTable({ rows: 3, columns });
    // (x + 10)/40, as it is, (x − 1000)/100
    expect([...values]).toEqual([0, 1, 0, 1.5, 2, -1, NaN, 3, 2]);
    expect(shown).toEqual(names);
    expect(info).toEqual([
      { name: 'Temperatur', scaled: true, original_range: [-10, 50], scaled_range: [0, 1.5], feature_range: [0, 1] },
      { name: 'Wind', scaled: false, reason: 'no_scaler' },
      { name: 'Druck', scaled: true, original_range: [900, 1200], scaled_range: [-1, 2], feature_range: [-1, 1] },
    ]);
  });

  it('knows no range of a column without values', () => {
    const { info } = scaleTable({ rows: 2, columns: tableByOrder([column(null, null)], names, scalers) });
    expect(info[0]).toMatchObject({ original_range: [null, null], scaled_range: [null, null] });
  });

  it('passes columns beyond the trained ones', () => {
    const four = tableByOrder([column(0), column(0), column(1000), column(7)], names, scalers);
    const { values, info } = scaleTable({ rows: 1, columns: four });
    expect(values[3]).toBe(7);
    expect(info[3]).toEqual({ name: 'feature_3', scaled: false, reason: 'scaler_not_found' });
  });

  it('brings named columns into training order and tells the unknown ones', () => {
    const sent = new Map([
      ['Druck', column(1100)],
      ['Regen', column(1)],
      ['Temperatur', column(30)],
    ]);
    const { columns, unknown } = tableByName(sent, names, scalers);
    expect(unknown).toEqual(['Regen']);
    const { values, names: shown } = scaleTable({ rows: 1, columns });
    expect([shown, [...values]]).toEqual([
      ['Temperatur', 'Druck'],
      [1, 1],
    ]);
  });
});
