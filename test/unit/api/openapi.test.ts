/** The OpenAPI document: generated from the registered routes, committed, and usable as it stands. */
import { generate } from '../../../src/api/openapi/generate';
import { openApi } from '../../support/openApi';

type Node = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a document of nested objects

const { document, drift } = generate();

/** Every object of the document with the value under `key`. */
function* valuesOf(key: string, node: unknown): Generator<unknown> {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (name === key) yield value;
    yield* valuesOf(key, value);
  }
}
const resolve = (reference: string): unknown =>
  reference
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((node, part) => (node as Node | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);

const operations = Object.entries(document['paths'] as Node).flatMap(([path, methods]) =>
  Object.entries(methods as Node).map(([method, node]) => ({ name: `${method.toUpperCase()} ${path}`, path, node: node as Node })),
);

describe('the OpenAPI document', () => {
  it('describes every registered route, and nothing that is not registered', () => {
    expect(drift).toEqual([]);
  });

  it('is committed as it is generated (npm run openapi)', () => {
    expect(openApi).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('resolves all its references', () => {
    const references = [...valuesOf('$ref', document)] as string[];
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
  });

  it('tells no two paths apart by the name of a parameter only', () => {
    const shapes = Object.keys(document['paths'] as Node).map((path) => path.replace(/\{\w+\}/g, '{}'));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it('says of each path which parameters it has', () => {
    for (const { name, path, node } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const described = ((node['parameters'] ?? []) as Node[]).filter((parameter) => parameter['in'] === 'path');
      expect([name, described.map((parameter) => parameter['name'])]).toEqual([name, inPath]);
    }
  });

  it('names every operation once', () => {
    const ids = operations.map(({ node }) => node['operationId'] as string);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('asks for a token everywhere under /api/training, and nowhere else', () => {
    expect(document['security']).toEqual([{ bearer: [] }]);
    for (const { path, node } of operations)
      expect([path, node['security']]).toEqual([path, path.startsWith('/api/training/') ? undefined : []]);
  });

  it.each(operations.filter(({ path }) => path.startsWith('/api/training/')))(
    'says of $name how it succeeds and how it refuses',
    ({ node }) => {
      const statuses = Object.keys(node['responses']);
      expect(statuses).toEqual(expect.arrayContaining(['200', '400', '401', '429', '431', '500', '503']));
    },
  );

  it('lists the guards of a route by the refusals they bring', () => {
    const training = (document['paths'] as Node)['/api/training/train-models/{session_id}']['post'];
    const codes = (status: number): unknown => {
      const answer = training['responses'][status] as Node;
      const { content } = (answer['$ref'] === undefined ? answer : resolve(answer['$ref'] as string)) as Node;
      return content['application/json']['schema']['allOf'][1]['properties']['code']['enum'];
    };
    expect(codes(403)).toEqual(['FORBIDDEN', 'NO_ACTIVE_SUBSCRIPTION', 'TRAINING_LIMIT_REACHED', 'TRAINING_NOT_AVAILABLE']);
    expect(codes(409)).toEqual(['DATASET_IN_PROGRESS', 'TRAINING_IN_PROGRESS']);
  });
});
