import type { ParseArgsConfig } from 'node:util';
import { createComputePool } from '../../activities/compute';
import { loadPipelineConfig } from '../../config';
import { PipelineError } from '../../domain/findings';
import type { Finding } from '../../domain/findings';
import { TrainingError } from '../../training';
import { createPhaseLines, silentPhases } from '../phaseLines';
import { InvalidSettings } from '../settingsFile';
import type { Problem } from '../settingsFile';
import { UsageError } from './outputFolder';
import type { Work } from './prepare';
import { problemTable } from './summary';

/** Exit codes of both commands. */
export const EXIT = { ok: 0, failed: 1, invalid: 2 } as const;

/** By the shell's convention 128 + the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Where a command writes: people read `say`, programs the one line of `answer`. */
export interface Terminal {
  say: (text: string) => void;
  /** what the command is for: also where nothing else is said */
  tell: (text: string) => void;
  /** one line of JSON on stdout, where it was asked for */
  answer: (value: object) => void;
}

export interface CommandOptions {
  quiet: boolean;
  json: boolean;
}

/** Runs a command with a pool of worker threads, until its end or a signal, and turns every ending into an exit code and a sentence. */
export async function runCommand(
  { quiet, json }: CommandOptions,
  run: (work: Work, terminal: Terminal) => Promise<number>,
): Promise<number> {
  // with --json stdout holds that line and nothing else
  const out = json ? process.stderr : process.stdout;
  const terminal: Terminal = {
    say: (text) => void (quiet || out.write(`${text}\n`)),
    tell: (text) => void out.write(`${text}\n`),
    answer: (value) => void (json && process.stdout.write(`${JSON.stringify(value)}\n`)),
  };
  const stop = new AbortController();
  let stopped = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    stopped ||= SIGNALS[signal as keyof typeof SIGNALS];
    stop.abort();
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal);
  const phases = quiet ? silentPhases : createPhaseLines(out);
  const compute = createComputePool();
  try {
    return await run({ compute, config: loadPipelineConfig(), phases, signal: stop.signal }, terminal);
  } catch (error) {
    phases.abandon();
    if (stop.signal.aborted) {
      process.stderr.write('Stopped; nothing was written.\n');
      return stopped;
    }
    return ending(error, terminal);
  } finally {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal);
    await compute.close();
  }
}

/** Settings and data that do not allow the work are told as findings, everything else as one sentence. */
function ending(error: unknown, terminal: Terminal): number {
  const problems = problemsOf(error);
  if (problems) {
    terminal.answer({ ok: false, findings: problems });
    terminal.tell(problemTable(problems));
    return EXIT.invalid;
  }
  const message = sentence(error);
  terminal.answer({ ok: false, code: error instanceof TrainingError ? error.code : 'FAILED', message });
  process.stderr.write(`${message}\n`);
  return error instanceof UsageError ? EXIT.invalid : EXIT.failed;
}

function problemsOf(error: unknown): readonly Problem[] | null {
  if (error instanceof InvalidSettings) return error.problems;
  if (error instanceof PipelineError) return error.findings;
  const findings = error instanceof TrainingError ? error.context['findings'] : null;
  return Array.isArray(findings) ? (findings as Finding[]) : null;
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error instanceof TrainingError ? error.context['cause'] : undefined;
  return typeof cause === 'string' ? `${error.message}: ${cause}` : error.message;
}

/** Options that both commands know. */
export const COMMON_OPTIONS = {
  seed: { type: 'string' },
  quiet: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/** The parsed command line. @throws UsageError naming the option it does not know */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The one settings file of a command line. @throws UsageError */
export function settingsArgument([settings, ...more]: readonly string[]): string {
  if (settings === undefined) throw new UsageError('the settings file is missing');
  if (more.length > 0) throw new UsageError(`one settings file at a time: ${more.join(' ')} is too much`);
  return settings;
}
