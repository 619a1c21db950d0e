import { createHash } from 'node:crypto';
import { datasetKeyText } from '../domain/dataset';
import type { DatasetSettings } from '../domain/settings/types';
import type { FileRow } from './types';

/**
 * `content_hash` of the dataset that these files and settings lead to (data-model.md 3.4): the one place that makes it.
 * @param files with content, in the order of `settings.series`
 */
export function datasetHash(files: readonly Pick<FileRow, 'sha256' | 'column_header'>[], settings: DatasetSettings): string {
  const identities = files.map(({ sha256, column_header: columnHeader }) => ({ sha256: sha256 ?? '', columnHeader }));
  return createHash('sha256').update(datasetKeyText(identities, settings)).digest('hex');
}
