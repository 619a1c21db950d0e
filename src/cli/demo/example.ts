import path from 'node:path';
import { readSettingsFile } from '../settingsFile';
import type { SettingsFile } from '../settingsFile';

export type Example = SettingsFile;

/** Reads `examples/<name>/settings.json` of this checkout. */
export const loadExample = (name: string): Promise<Example> =>
  readSettingsFile(path.resolve(__dirname, '../../../examples', name, 'settings.json'));
