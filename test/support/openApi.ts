/** The committed OpenAPI document, read as a list of operations. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export type Node = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a document of nested objects

export interface Operation {
  /** method and path template below the prefix, e.g. `GET /session/{session_id}` */
  key: string;
  method: string;
  /** JSON Pointer of the operation */
  pointer: string;
  node: Node;
  /** true where the whole path fits, also with nothing in the place of a parameter; captures the parameters */
  pattern: RegExp;
}

export const openApi = JSON.parse(readFileSync(path.resolve(__dirname, '../../docs/openapi.json'), 'utf8')) as Node;

const PREFIX = '/api/training';
const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

export const operations: readonly Operation[] = Object.entries<Node>(openApi['paths']).flatMap(([template, methods]) =>
  Object.entries<Node>(methods).map(([method, node]) => ({
    key: `${method.toUpperCase()} ${template.replace(PREFIX, '')}`,
    method: method.toUpperCase(),
    pointer: `#/paths/${escaped(template)}/${method}`,
    node,
    pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]*)')}$`),
  })),
);

/** The operation a request is to; undefined for paths the document does not know. */
export const operationOf = (method: string, pathname: string): Operation | undefined =>
  operations.find((one) => one.method === method && one.pattern.test(pathname));

/** A response of an operation, shared ones looked up. */
export function responseOf({ node }: Operation, status: number): Node | undefined {
  const response = node['responses'][status] as Node | undefined;
  const shared = response?.['$ref'] as string | undefined;
  return shared === undefined ? response : (openApi['components']['responses'][shared.split('/').at(-1)!] as Node);
}
