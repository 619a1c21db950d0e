// npm run bench -- NAME…  runs bench/NAME.mjs one after another; each prints JSON lines `{measure, unit, ours, …}`.
import { readdirSync } from 'node:fs';
import path from 'node:path';

const folder = import.meta.dirname;
const available = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => path.basename(file, '.mjs'));
const names = process.argv.slice(2);
const unknown = names.filter((name) => !available.includes(name));
if (names.length === 0 || unknown.length > 0) {
  console.error(`Name one or more of: ${available.join(', ')}${unknown.length > 0 ? ` (unknown: ${unknown.join(', ')})` : ''}.`);
  process.exit(2);
}
for (const name of names) {
  const { run } = await import(path.join(folder, `${name}.mjs`));
  await run((line) => console.log(JSON.stringify(line)));
}
