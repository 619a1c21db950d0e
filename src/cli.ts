#!/usr/bin/env node
/** The `lastgang` command: up, demo, doctor. */
import { spawnSync } from 'node:child_process';
import { up } from './cli/up';
import { StackError } from './stack';
import { inRepository } from './stack/repository';

const HELP = `Usage: lastgang COMMAND [options]

  up       start the whole stack and keep it running (npm start)
             --state DIR        folder of all state (default: LASTGANG_STATE, else .lastgang)
             --only PART,PART   only these parts: postgres, supabase, temporal, pipeline, training, api
  demo     the whole way from upload to evaluation, over HTTP (npm run demo)
             --serve            keep serving afterwards
  doctor   check this machine and explain (npm run doctor)

Settings come from the environment; the README lists them.`;

async function run([command, ...options]: string[]): Promise<number> {
  switch (command) {
    case 'up':
      return up(options);
    case 'demo': {
      const { runDemo } = await import('./cli/demo/index.js');
      await runDemo(options);
      return 0;
    }
    case 'doctor':
      return spawnSync(process.execPath, [inRepository('scripts', 'doctor.mjs'), ...options], { stdio: 'inherit' }).status ?? 1;
    case undefined:
    case 'help':
    case '--help':
      console.log(HELP);
      return 0;
    default:
      console.error(`lastgang has no command "${command}"; lastgang help lists them.`);
      return 2;
  }
}

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof StackError ? `\n${error.message}` : error);
    process.exit(1);
  },
);
