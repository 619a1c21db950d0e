/** `lastgang up`: the stack in the foreground, every part's output with its name in front. */
import { parseArgs } from 'node:util';
import { PARTS, StackError, startStack } from '../stack';
import type { Endpoints, Part, Stack } from '../stack';

const NAME_WIDTH = Math.max(...PARTS.map((part) => part.length)) + 2;

function chosenParts(text: string | undefined): readonly Part[] {
  if (text === undefined) return PARTS;
  return text.split(',').map((name) => {
    const part = PARTS.find((known) => known === name.trim());
    if (!part) throw new StackError(`There is no part "${name}": the parts are ${PARTS.join(', ')}.`);
    return part;
  });
}

const printLine = (part: string, line: string): void => console.log(`${`[${part}]`.padEnd(NAME_WIDTH)} ${line}`);

/** The addresses a user needs, one a line. */
export function describeEndpoints({ api, supabase, temporal }: Endpoints): string {
  const rows: [string, string | null | undefined][] = [
    ['API', api],
    ['Supabase-compatible API', supabase?.url],
    ['Temporal', temporal?.address],
    ['Temporal Web UI', temporal?.ui],
  ];
  return rows.flatMap(([name, address]) => (address ? [`  ${name.padEnd(25)} ${address}`] : [])).join('\n');
}

/** Resolves at the first request to end: Ctrl-C, a service manager's SIGTERM, or a closed terminal. */
function askedToEnd(abort: AbortController): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!abort.signal.aborted) printLine('stack', 'stopping …');
        abort.abort();
        resolve();
      });
    }
  });
}

/** @returns the exit code */
export async function up(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { state: { type: 'string' }, only: { type: 'string' } } });
  const abort = new AbortController();
  const end = askedToEnd(abort);
  let stack: Stack;
  try {
    stack = await startStack({
      parts: chosenParts(values.only),
      ...(values.state ? { stateDir: values.state } : {}),
      onLine: printLine,
      signal: abort.signal,
    });
  } catch (error) {
    if (abort.signal.aborted) return 0;
    throw error;
  }
  console.log(
    `\nLastgang is ready. Ctrl-C stops it.\n${describeEndpoints(stack.endpoints)}\n  ${'Keys and addresses'.padEnd(25)} ${stack.endpointsFile}\n`,
  );
  await end;
  await stack.stop();
  printLine('stack', 'stopped');
  return 0;
}
