import { failedPayload } from '../../../src/activities/finish';
import type { ProgressRow } from '../../../src/store';
import type { Phase } from '../../../src/workflows/messages';

const run = {
  runId: 'r',
  job: 'training',
  sessionId: 's',
  sessionRef: 's',
  userId: 'u',
  startedAt: '2024-01-01T00:00:00Z',
  modelName: 'LIN',
} as const;

function stageOf(phase: Phase, code: string, details: Record<string, unknown>[] = []): unknown {
  const input = {
    job: 'training',
    training: { modeAsSent: 'LIN', model: { kind: 'LIN' }, parameters: {} },
    files: [{ fileName: 'temp.csv' }, { fileName: 'load.csv' }],
    settings: {
      series: [
        { role: 'input', label: 'Temperatur' },
        { role: 'output', label: 'Last' },
      ],
    },
  };
  const row = { phase, overall_progress: 3, input } as unknown as ProgressRow;
  const { result } = failedPayload(run, row, { code, message: 'why', details });
  expect(result?.results_metadata).toMatchObject({ code, message: 'why' });
  return result?.results_metadata?.['stage'];
}

describe('the stage a failed training tells (pipeline.md 17)', () => {
  it.each<[string, Phase, string, Record<string, unknown>[]]>([
    ['load_input_files', 'queued', 'INVALID_DATA', [{ code: 'CSV_NUMBER', file: 'temp.csv' }]],
    ['load_output_files', 'queued', 'INVALID_DATA', [{ code: 'CSV_NUMBER', file: 'load.csv' }]],
    ['load_output_files', 'queued', 'INVALID_DATA', [{ code: 'CSV_NUMBER', file: 'Last' }]],
    ['build_dataset', 'queued', 'NOT_FEASIBLE', [{ code: 'NO_WINDOWS' }]],
    ['build_dataset', 'loading', 'STORAGE_UNAVAILABLE', []],
    ['split', 'dataset', 'NOT_FEASIBLE', [{ code: 'SPLIT_TOO_FEW' }]],
    ['scale', 'dataset', 'INTERNAL_ERROR', []],
    ['train', 'dataset', 'NOT_FEASIBLE', [{ code: 'MODEL_TOO_LARGE' }]],
    ['train', 'training', 'TRAINING_DIVERGED', [{ code: 'TRAINING_DIVERGED' }]],
    ['evaluate', 'evaluation', 'INTERNAL_ERROR', []],
    ['store', 'persisting', 'STORAGE_UNAVAILABLE', []],
  ])('is %s in phase %s with %s %j', (stage, phase, code, details) => {
    expect(stageOf(phase, code, details)).toBe(stage);
  });
});
