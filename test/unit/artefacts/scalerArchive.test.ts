import { unzipSync } from 'fflate';
import { scalerArchive, scalerPickle, scalerView } from '../../../src/domain/artefacts';
import { fitScaler } from '../../../src/domain/scaling';

const STAMP = '2024-03-30_12-05-00';
const input = { '0': fitScaler('Temperatur\nim Hof', { min: -8.1, max: 31.4 }, { min: 0, max: 1 }, 4030), '1': null };
const output = { '0': fitScaler('Last', { min: 3, max: 3 }, { min: -1, max: 1 }, 4030) };
const view = scalerView({ input, output }, { input: ['Temperatur\nim Hof', 'Wind'], output: ['Last'] });
const archive = scalerArchive(view, STAMP);
const files = unzipSync(archive);
const content = (name: string) => Buffer.from(files[name]!).toString('utf8');

describe('scaler archive', () => {
  it('holds both sides as JSON and as pickle, a guide and a loader', () => {
    expect(Object.keys(files)).toEqual([
      ...[`i_scale_${STAMP}.json`, `o_scale_${STAMP}.json`, `i_scale_${STAMP}.save`, `o_scale_${STAMP}.save`],
      ...['README.txt', 'load_scalers.py'],
    ]);
    expect(JSON.parse(content(`i_scale_${STAMP}.json`))).toEqual(input);
    expect(JSON.parse(content(`o_scale_${STAMP}.json`))).toEqual(output);
    expect(files[`i_scale_${STAMP}.save`]).toEqual(scalerPickle(input));
  });

  it('is the same bytes for the same scalers, in whatever order a database returns their fields', () => {
    const shuffled = Object.fromEntries(Object.entries(output['0']).reverse()) as (typeof output)['0'];
    const again = scalerArchive({ ...view, output: { '0': shuffled } }, STAMP);
    expect(Buffer.from(again).equals(Buffer.from(archive))).toBe(true);
  });

  it('lists every column in the guide on a line of its own', () => {
    expect(content('README.txt')).toContain('    0  Temperatur im Hof: -8.1 … 31.4 -> 0 … 1\n    1  Wind: not scaled\n');
    expect(content('README.txt')).toContain('    0  Last: 3 … 3 -> -1 … 1\n');
  });
});
