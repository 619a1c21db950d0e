import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Finding } from '../domain/findings';

/** A finding as the terminal shows it; beside those of the domain there are some of files that cannot be read at all. */
export interface Problem extends Omit<Finding, 'code'> {
  code: Finding['code'] | 'SETTINGS_FILE' | 'FILE_UNREADABLE';
}

/** Settings or data do not allow the work; carries everything that is wrong. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '));
  }
}

const record = z.record(z.string(), z.unknown());

/** Body of `train-models`; what is in it is judged by the domain. */
const Training = z.object({
  model_parameters: record.nullish(),
  training_split: record.nullish(),
  seed: z.unknown().optional(),
  scaler_fit: z.unknown().optional(),
});
export type TrainingRequest = z.infer<typeof Training>;

/** Body of `generate-plot` without its session. */
const Plot = z.object({
  plot_settings: record.nullish(),
  df_plot_in: record.nullish(),
  df_plot_out: record.nullish(),
  df_plot_fcst: record.nullish(),
});
export type PlotRequest = z.infer<typeof Plot>;

const Settings = z.object({
  zeitschritte: record.nullish(),
  timeInfo: record.nullish(),
  files: z.array(z.looseObject({ file: z.string().min(1) })).default([]),
  trainings: z.array(Training).min(1).optional(),
  ...Training.shape,
  ...Plot.shape,
});

/** Keys that say something about the file and change nothing. */
const REMARKS: ReadonlySet<string> = new Set(['case', 'purpose', 'source', 'description', '$schema']);

/** The bodies a client would send to the API, from one JSON file (docs/pipeline.md). */
export interface SettingsFile {
  /** `file` of every entry is relative to it */
  folder: string;
  zeitschritte: Record<string, unknown> | null;
  timeInfo: Record<string, unknown> | null;
  files: (Record<string, unknown> & { file: string })[];
  /** at least one */
  trainings: TrainingRequest[];
  plot: PlotRequest;
  /** keys that mean nothing here: probably misspelt */
  unknownKeys: string[];
}

/** @throws InvalidSettings where the file is missing, no JSON, or of another shape */
export async function readSettingsFile(file: string): Promise<SettingsFile> {
  const content = parseJson(file, await readText(file));
  const parsed = Settings.safeParse(content);
  if (!parsed.success) throw new InvalidSettings(parsed.error.issues.map(shapeProblem));
  const { zeitschritte, timeInfo, files, trainings, model_parameters, training_split, seed, scaler_fit } = parsed.data;
  if (trainings && model_parameters) {
    const message = 'give either model_parameters (one training) or trainings (a list), not both';
    throw new InvalidSettings([{ code: 'SETTINGS_FILE', message, field: 'trainings' }]);
  }
  const shared = { training_split, seed, scaler_fit };
  return {
    folder: path.dirname(path.resolve(file)),
    zeitschritte: zeitschritte ?? null,
    timeInfo: timeInfo ?? null,
    files,
    trainings: (trainings ?? [{ model_parameters }]).map((one) => given({ ...given(shared), ...given(one) })),
    plot: Plot.parse(parsed.data),
    unknownKeys: Object.keys(content as object).filter((key) => !(key in Settings.shape) && !REMARKS.has(key)),
  };
}

/** MODE of a training as it is named to people. */
export const modeOf = ({ model_parameters: parameters }: TrainingRequest): string =>
  typeof parameters?.['MODE'] === 'string' ? parameters['MODE'] : 'LIN';

/** Without what is absent: spread over something else it would hide a value. */
const given = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined && part !== null)) as T;

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new InvalidSettings([{ code: 'SETTINGS_FILE', message: `${file} ${whyUnreadable(error)}` }]);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = /at position (\d+)/.exec(reason)?.[1];
    const before = text.slice(0, Number(position ?? 0)).split('\n');
    const place = position === undefined ? '' : ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
    const message = `${file} is not valid JSON: ${reason.replace(/ \(line \d+ column \d+\)$/, '')}${place}`;
    throw new InvalidSettings([{ code: 'SETTINGS_FILE', message }]);
  }
}

/** The end of a sentence that begins with the file's name. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EISDIR') return 'is a folder, not a file';
  if (code === 'EACCES') return 'may not be read';
  return `cannot be read (${code || String(error)})`;
}

function shapeProblem({ path: place, message }: z.core.$ZodIssue): Problem {
  const field = place.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('').replace(/^\./, ''); // prettier-ignore
  return { code: 'SETTINGS_FILE', message: `${field || 'the file'}: ${message}`, ...(field && { field }) };
}
