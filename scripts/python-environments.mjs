// node scripts/python-environments.mjs [--install]: prints which Python environments are there, as JSON {name: interpreter or null}.
import { main, say } from './lib/console.mjs';
import { ENVIRONMENTS, ensurePython, installedPython } from './lib/python.mjs';

await main(async () => {
  if (process.argv.includes('--install')) for (const name of ENVIRONMENTS) await ensurePython(name);
  say(JSON.stringify(Object.fromEntries(ENVIRONMENTS.map((name) => [name, installedPython(name)]))));
});
