// Output of the set-up scripts: one line per step with its duration; a failure is one sentence that says what to do.

const started = performance.now();
let quiet = false;

export const setQuiet = (value) => {
  quiet = value;
};

export const say = (line) => {
  if (!quiet) console.log(line);
};

/** A failure the user can do something about: printed as one sentence, without a stack trace. */
export class UserError extends Error {}

export const seconds = (fromMs) => `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;

/**
 * Runs one step and prints how long it took.
 * @param {string} what  what happens, with what it downloads or builds and how long that usually takes
 * @param {() => Promise<string | void>} action  may return a word about its result
 */
export async function step(what, action) {
  const from = performance.now();
  say(`• ${what} …`);
  const result = await action();
  say(`  done in ${seconds(from)}${result ? ` (${result})` : ''}`);
}

/** Runs a script's main function; any error ends it with one sentence and exit code 1. */
export async function main(action) {
  try {
    await action();
  } catch (error) {
    const sentence =
      error instanceof UserError ? error.message : `Unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : error}`;
    console.error(`\n${sentence}`);
    process.exit(1);
  }
}

export const totalSeconds = () => seconds(started);
