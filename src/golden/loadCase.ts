import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CaseSettings, Expected, GoldenCase } from './types';

/** Folders below (or equal to) the given one that hold a golden case, in the order of their names. */
export function findCases(dir: string): string[] {
  const entries = readdirSync(dir, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && entry.name === 'settings.json')) return [dir];
  const folders = entries.filter(
    (entry) => entry.isDirectory() || (entry.isSymbolicLink() && statSync(join(dir, entry.name)).isDirectory()),
  );
  return folders
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => findCases(join(dir, name)));
}

/** @throws when a file is missing or no JSON */
export function loadCase(dir: string): GoldenCase {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(dir, name), 'utf8'));
  return { name: basename(dir), dir, settings: read('settings.json') as CaseSettings, expected: read('expected.json') as Expected };
}
