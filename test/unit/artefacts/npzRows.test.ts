import { denseArray, npz, readNpzRows } from '../../../src/domain/artefacts';

const counted = (length: number) => Float64Array.from({ length }, (_, k) => k + 0.5);
const archive = Buffer.concat([
  ...npz([
    denseArray('X', counted(4 * 5 * 3), [4, 5, 3]),
    denseArray('y_pred', counted(4 * 2 * 3), [4, 2, 3]),
    denseArray('utc_ref', counted(4).map(Math.floor), [4], '<M8[us]'),
  ]),
]);

describe('rows of a stored array', () => {
  it('come in the order asked for, without the rest of the archive being read', async () => {
    const read: [number, number][] = [];
    const { y_pred, utc_ref } = await readNpzRows(
      (offset, length) => {
        read.push([offset, length]);
        return Promise.resolve(archive.subarray(offset, offset + length));
      },
      ['y_pred', 'utc_ref'],
      [3, 0],
    );
    expect([y_pred.shape, utc_ref.shape]).toEqual([[4, 2, 3], [4]]);
    expect([...utc_ref.values]).toEqual([3, 0]);
    expect([...y_pred.values]).toEqual([18.5, 19.5, 20.5, 21.5, 22.5, 23.5, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5]);
    expect(read).toHaveLength(3 + 4); // the heads of all three, two rows each
    expect(read.slice(3).map(([, length]) => length)).toEqual([48, 48, 8, 8]);
  });

  const readAll = (bytes: Buffer) => (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length));

  it('that do not exist are an error, like an array that does not or an archive cut short', async () => {
    await expect(readNpzRows(readAll(archive), ['y_pred'], [4])).rejects.toThrow('y_pred has 4 rows, not row 4');
    await expect(readNpzRows(readAll(archive), ['y_fcst'], [0])).rejects.toThrow('no array y_fcst');
    await expect(readNpzRows(readAll(Buffer.from('<html>404</html>')), ['y_pred'], [0])).rejects.toThrow('no array y_pred');
    const start = archive.indexOf('y_pred.npy');
    await expect(readNpzRows(readAll(archive.subarray(0, start + 250)), ['y_pred'], [3])).rejects.toThrow('ends within y_pred');
  });
});
