/** Every answer a test receives is held against the committed OpenAPI document: its status, its type and its body. */
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';
import { openApi, operationOf, responseOf } from './openApi';

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
  const operation = operationOf(method, pathname);
  if (!operation) return null;
  const response = responseOf(operation, status);
  if (!response) return `${called} is not documented`;
  const { content } = response;
  if (content === undefined) return null;
  const type = (contentType ?? '').split(';')[0]!;
  if (!(type in content)) return `${called} has the undocumented type ${type}`;
  if (type !== 'application/json') return null;
  const shared = operation.node['responses'][status]['$ref'] as string | undefined;
  const validate = validator(`${shared ?? `${operation.pointer}/responses/${status}`}/content/application~1json/schema`);
  if (validate(body)) return null;
  return `${called} is not as documented: ${ajv.errorsText(validate.errors, { dataVar: 'body' })}\n${JSON.stringify(body).slice(0, 2000)}`;
}
