/** Every answer a test receives is held against the committed OpenAPI document: its status, its type and its body. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';

type Node = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a document of nested objects

interface Operation {
  method: string;
  pattern: RegExp;
  /** JSON Pointer of the operation */
  pointer: string;
  node: Node;
}

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

export const openApi = JSON.parse(readFileSync(path.resolve(__dirname, '../../docs/openapi.json'), 'utf8')) as Node;

const operations: Operation[] = Object.entries<Node>(openApi['paths']).flatMap(([template, methods]) =>
  Object.entries<Node>(methods).map(([method, node]) => ({
    method: method.toUpperCase(),
    pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`),
    pointer: `#/paths/${escaped(template)}/${method}`,
    node,
  })),
);

const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false });
ajv.addSchema(openApi, 'openapi');
const compiled = new Map<string, ValidateFunction>();

function validator(pointer: string): ValidateFunction {
  const known = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi${pointer}` });
  compiled.set(pointer, known);
  return known;
}

export interface Received {
  status: number;
  contentType: string | null;
  body: unknown;
}

/** @returns what the document does not allow about this answer; null when all is well, or the request was to no described route */
export function deviation(method: string, pathname: string, { status, contentType, body }: Received): string | null {
  const called = `${method} ${pathname}: ${status}`;
  const operation = operations.find((one) => one.method === method && one.pattern.test(pathname));
  if (!operation) return null;
  const response = operation.node['responses'][status] as Node | undefined;
  if (!response) return `${called} is not documented`;
  const shared = response['$ref'] as string | undefined;
  const { content } = shared === undefined ? response : (openApi['components']['responses'][shared.split('/').at(-1)!] as Node);
  if (content === undefined) return null;
  const type = (contentType ?? '').split(';')[0]!;
  if (!(type in content)) return `${called} has the undocumented type ${type}`;
  if (type !== 'application/json') return null;
  const validate = validator(`${shared ?? `${operation.pointer}/responses/${status}`}/content/application~1json/schema`);
  if (validate(body)) return null;
  return `${called} is not as documented: ${ajv.errorsText(validate.errors, { dataVar: 'body' })}\n${JSON.stringify(body).slice(0, 2000)}`;
}
