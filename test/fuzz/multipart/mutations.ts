/** Multipart requests that are almost right. */
import fc from 'fast-check';

export interface Part {
  name: string;
  fileName: string | null;
  content: string;
}

const LF = '\n';
const CRLF = '\r\n';
const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const rarely = <T>(usual: T, ...others: fc.Arbitrary<T>[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })));

/** How a part's head is written; null = the usual way. */
const heads = fc.constantFrom<((part: Part) => string)[]>(
  ({ name }) => `Content-Disposition: form-data; name=${name}`,
  ({ name }) => `content-disposition:form-data;name="${name}"; filename*=utf-8''%E2%82%ac%ZZ`,
  ({ name }) => `Content-Disposition: form-data; name="${name}"; filename="a\\"b/../c.csv"`,
  ({ name }) => `Content-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain; charset=utf-16`,
  ({ name }) => `Content-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain; charset=no-such-charset`,
  ({ name }) => `Content-Disposition: form-data; name="${name}"\r\nContent-Transfer-Encoding: base64`,
  ({ name }) => `Content-Disposition: attachment; name="${name}"`,
  () => 'Content-Disposition: form-data',
  () => `Content-Disposition: form-data; name="${'n'.repeat(5000)}"`,
  () => `X-Padding: ${'p'.repeat(90_000)}`,
  () => 'no header at all',
  () => '',
);

const usualHead = ({ name, fileName }: Part): string =>
  `Content-Disposition: form-data; name="${name}"${fileName === null ? '' : `; filename="${fileName}"\r\nContent-Type: text/csv`}`;

export interface Mutation {
  /** positions of the parts: order, omissions and repetitions */
  order: number[];
  head: { part: number; write: (part: Part) => string } | null;
  /** as declared, as used, and at the end */
  boundary: { declared: string; used: string; last: string };
  newline: string;
  bytes: { at: number; drop: number; put: Buffer } | null;
  cut: number;
  /** difference of the announced from the real length; null = chunked, undefined = not announced */
  length: number | null | undefined;
}

export const UNCHANGED: Mutation = {
  order: [],
  head: null,
  boundary: { declared: 'boundary=xx', used: 'xx', last: '--xx--' },
  newline: CRLF,
  bytes: null,
  cut: 1,
  length: 0,
};

export const mutations = (parts: number): fc.Arbitrary<Mutation> =>
  fc.record({
    order: rarely(
      Array.from({ length: parts }, (_, index) => index),
      fc.shuffledSubarray(Array.from({ length: parts }, (_, index) => index)),
      fc.array(fc.nat({ max: parts - 1 }), { maxLength: 6 }),
      fc.constant(Array.from({ length: 80 }, (_, index) => index % parts)),
    ),
    head: rarely<Mutation['head']>(null, fc.record({ part: fc.nat({ max: parts - 1 }), write: heads })),
    boundary: rarely(
      UNCHANGED.boundary,
      fc.constantFrom(
        { declared: 'boundary="xx"', used: 'xx', last: '--xx--' },
        { declared: 'boundary=xx', used: 'yy', last: '--xx--' },
        { declared: 'boundary=xx', used: 'xx', last: '' },
        { declared: 'boundary=xx', used: 'xx', last: '--xx' },
        { declared: 'boundary=', used: 'xx', last: '--xx--' },
        { declared: 'charset=utf-8', used: 'xx', last: '--xx--' },
        { declared: `boundary=${'b'.repeat(300)}`, used: 'b'.repeat(300), last: `--${'b'.repeat(300)}--` },
        { declared: 'boundary=xx; boundary=yy', used: 'yy', last: '--yy--' },
      ),
    ),
    newline: rarely(CRLF, fc.constantFrom(LF, '', '\r')),
    bytes: rarely<Mutation['bytes']>(
      null,
      fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat({ max: 40 }), put: noise }),
    ),
    cut: rarely(1, fc.double({ min: 0, max: 1, noNaN: true })),
    length: rarely<Mutation['length']>(0, fc.constant(null), fc.constant(undefined), fc.integer({ min: -50, max: 50 })),
  });

/** The bytes of a request with these parts, changed. */
export function requestOf(path: string, host: string, token: string, parts: readonly Part[], change: Mutation): Buffer {
  const { boundary, newline, head } = change;
  const written = change.order.map((index) => {
    const part = parts[index]!;
    const own = head?.part === index ? head.write(part) : usualHead(part);
    return `--${boundary.used}${newline}${own}${newline}${newline}${part.content}${newline}`;
  });
  let body = Buffer.from(written.join('') + boundary.last + newline);
  if (change.bytes) {
    const at = Math.floor(change.bytes.at * body.length);
    body = Buffer.concat([body.subarray(0, at), change.bytes.put, body.subarray(at + change.bytes.drop)]);
  }
  body = body.subarray(0, Math.ceil(change.cut * body.length));
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    `Content-Type: multipart/form-data; ${boundary.declared}`,
    'Connection: close',
  ];
  if (change.length === null) {
    lines.push('Transfer-Encoding: chunked');
    body = Buffer.concat([
      Buffer.from(`${body.length.toString(16)}${CRLF}`),
      body,
      Buffer.from(body.length === 0 ? CRLF : `${CRLF}0${CRLF}${CRLF}`),
    ]);
  } else if (change.length !== undefined) {
    lines.push(`Content-Length: ${Math.max(0, body.length + change.length)}`);
  }
  return Buffer.concat([Buffer.from([...lines, '', ''].join(CRLF)), body]);
}
