import { pickle, py } from '../../../src/domain/artefacts/pickle';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** The opcodes as Python's documentation of the format (pickletools) describes them; what Python makes of whole files is test/interop's. */
describe('Python pickle', () => {
  it('frames a value with the protocol and a stop', () => {
    expect(text(pickle(py.none))).toBe('\x80\x02N.');
  });

  it('writes truth values, integers, floats and text', () => {
    const values = py.tuple(py.bool(true), py.bool(false), py.int(-2), py.int(2 ** 31), py.float(0.25), py.text('ä'));
    const parts = [
      '\x88',
      '\x89',
      'J\xfe\xff\xff\xff',
      '\x8a\x08\x00\x00\x00\x80\x00\x00\x00\x00',
      'G\x3f\xd0\0\0\0\0\0\0',
      'X\x02\0\0\0\xc3\xa4',
    ];
    expect(text(pickle(values))).toBe(`\x80\x02(${parts.join('')}t.`);
  });

  it('writes dictionaries, lists, calls and instances', () => {
    expect(text(pickle(py.dict([py.int(1), py.list(py.none)])))).toBe('\x80\x02}(J\x01\0\0\0](Neu.');
    expect(text(pickle(py.call(py.global('m', 'f'), py.none)))).toBe('\x80\x02cm\nf\n(NtR.');
    expect(text(pickle(py.instance(py.global('m', 'C'), py.dict())))).toBe('\x80\x02cm\nC\n(t\x81}(ub.');
  });

  it('refuses integers it cannot hold exactly', () => {
    expect(() => pickle(py.int(0.5))).toThrow(RangeError);
    expect(() => pickle(py.int(2 ** 53))).toThrow(RangeError);
  });
});
