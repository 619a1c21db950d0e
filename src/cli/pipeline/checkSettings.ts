import path from 'node:path';
import type { Finding } from '../../domain/findings';
import { checkStepCounts, parseDatasetSettings, parseSteps, parseTrainingSettings, trainingWarnings } from '../../domain/settings';
import type { DatasetSettings, TrainingSettings } from '../../domain/settings';
import type { Problem, SettingsFile, TrainingRequest } from '../settingsFile';

/** Something a user should know and that hinders nothing. */
export interface Remark {
  code: string;
  message: string;
}

export interface CheckedSettings {
  /** null when anything in them is wrong */
  dataset: DatasetSettings | null;
  /** in the order of the file; null where anything is wrong */
  trainings: (TrainingSettings | null)[];
  problems: Problem[];
  remarks: Remark[];
}

/** Judges every setting of a file at once (pipeline.md 18), without a look at the data. @param svrMaxRows the most that svr_subsample may ask for */
export function checkSettings(file: SettingsFile, svrMaxRows: number): CheckedSettings {
  const parsed = parseDatasetSettings({ files: seriesRecords(file), zeitschritte: file.zeitschritte, timeInfo: file.timeInfo });
  const judged = file.trainings.map((request, index) => {
    const { settings, findings } = parseTrainingSettings(request, svrMaxRows);
    return { settings, problems: inTraining(file, index, [...findings, ...unequalSteps(file, request)]) };
  });
  const trainings = judged.map(({ settings }) => settings);
  const remarks = trainings.flatMap((training) => (parsed.settings && training ? trainingWarnings(training, parsed.settings) : []));
  return {
    dataset: parsed.settings,
    trainings,
    problems: [...parsed.findings, ...judged.flatMap(({ problems }) => problems)],
    remarks: [...parsed.warnings, ...remarks, ...file.unknownKeys.map(unknownKey)],
  };
}

/** Whether the model takes these step counts shows although something else may be wrong with steps or training. */
function unequalSteps({ zeitschritte }: SettingsFile, { model_parameters }: TrainingRequest): Finding[] {
  const counts = { ...zeitschritte, zeitschrittweite: 60, offset: 0, offsett: 0 };
  const steps = parseSteps(counts, [], { timeZone: 'UTC', groups: [] }, []);
  const { settings } = parseTrainingSettings({ model_parameters });
  return steps && settings ? checkStepCounts(settings, steps) : [];
}

/** The files of a settings file as the service's rows of them; their order is the order of the columns. */
export const seriesRecords = ({ files }: SettingsFile): Record<string, unknown>[] =>
  files.map((one) => ({ fileName: path.basename(one.file), ...one }));

/** The same settings with this seed, wherever one was given. */
export const withSeed = (file: SettingsFile, seed: string): SettingsFile => ({
  ...file,
  trainings: file.trainings.map((one): TrainingRequest => ({ ...one, training_split: { ...one.training_split, seed } })),
});

/** Findings about one training, which is named where there are several. */
export function inTraining({ trainings }: SettingsFile, index: number, findings: readonly Finding[]): Problem[] {
  if (trainings.length === 1) return [...findings];
  const place = `trainings[${index}]`;
  return findings.map((finding) => ({ ...finding, field: finding.field === undefined ? place : `${place}.${finding.field}` }));
}

const unknownKey = (key: string): Remark => ({ code: 'UNKNOWN_KEY', message: `"${key}" is no setting and changes nothing` });
