// Writes docs/openapi.json from the registered routes and their schemas; a test fails when it is not what they say.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from './build.mjs';
import { main, say, UserError } from './lib/console.mjs';
import { inRoot } from './lib/paths.mjs';

await main(async () => {
  await build();
  const { generate } = createRequire(import.meta.url)(inRoot('dist', 'api', 'openapi', 'generate.js'));
  const { document, drift } = generate();
  if (drift.length > 0) throw new UserError(`Not every route is described (src/api/openapi/resources):\n${drift.join('\n')}`);
  const { format, resolveConfig } = await import('prettier');
  const file = inRoot('docs', 'openapi.json');
  const text = await format(JSON.stringify(document), { ...(await resolveConfig(file)), parser: 'json' });
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // written for the first time
  }
  if (text !== before) writeFileSync(file, text);
  say(`docs/openapi.json ${text === before ? 'is up to date' : 'written'}: ${Object.keys(document.paths).length} paths`);
  process.exit(0); // clients made for the routes keep nothing that matters
});
