export { CONFIG_CODES, configFields } from './schemas';
export { fileName, parseFileName } from './fileName';
export { fileFieldCode, filePatch, readFileFields } from './fileFields';
export type { FileDraft } from './fileFields';
export { readTimeInfo } from './timeInfo';
export type { TimeInfoDraft } from './timeInfo';
export { readZeitschritte } from './zeitschritte';
export type { ZeitschritteDraft } from './zeitschritte';
export { optionalDraft, requiredDraft } from './values';
