#!/usr/bin/env node
/** The `lastgang` command: up, demo, pipeline, validate, doctor. */
import { spawnSync } from 'node:child_process';
import { inRepository } from './stack/repository';

const HELP = `Usage: lastgang COMMAND [options]

  up        start the whole stack and keep it running (npm start)
              --state DIR        folder of all state (default: LASTGANG_STATE, else .lastgang)
              --only PART,PART   only these parts: postgres, supabase, temporal, pipeline, training, api
  demo      the whole way from upload to evaluation, over HTTP (npm run demo)
              --serve            keep serving afterwards
  pipeline  SETTINGS.json --out DIR: from CSV files to a trained, evaluated model, without any server
  validate  SETTINGS.json: everything that is wrong with settings and data, and the sizes of a training
  doctor    check this machine and explain (npm run doctor)

"lastgang pipeline --help" and "lastgang validate --help" name their options.
The other commands take their settings from the environment; the README lists them.`;

// each command loads what it needs: the stack alone takes a second
async function run([command, ...options]: string[]): Promise<number> {
  switch (command) {
    case 'up': {
      const { up } = await import('./cli/up.js');
      return up(options);
    }
    case 'demo': {
      const { runDemo } = await import('./cli/demo/index.js');
      await runDemo(options);
      return 0;
    }
    case 'pipeline': {
      const { runPipeline } = await import('./cli/pipeline/index.js');
      return runPipeline(options);
    }
    case 'validate': {
      const { runValidate } = await import('./cli/pipeline/index.js');
      return runValidate(options);
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

/** Errors with a sentence for users; of all others the stack is wanted. */
function report(error: unknown): number {
  const name = error instanceof Error ? error.name : '';
  if (name === 'StackError') console.error(`\n${(error as Error).message}`);
  else if (name === 'UsageError') console.error(`${(error as Error).message}. "--help" says more.`);
  else console.error(error);
  return name === 'UsageError' ? 2 : 1;
}

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(report(error)),
);
