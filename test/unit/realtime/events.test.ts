import { completedSteps, percentage, trainingProgress, uploadProgress } from '../../../src/realtime';

const SOURCE = { sessionId: '7f3b0000-0000-4000-8000-000000000001', sessionRef: 'session_1_a', runId: 'run', job: 'training' } as const;
const AT = new Date('2024-01-15T10:30:00.000Z');

describe('events', () => {
  it('fill the bands of their phase (realtime.md 5.2)', () => {
    expect(percentage('training', 'loading', 0)).toBe(1);
    expect(percentage('training', 'training', 0.4)).toBe(47);
    expect(percentage('training', 'persisting', 1)).toBe(99);
    expect(percentage('dataset', 'loading', 1)).toBe(30);
    expect(percentage('dataset', 'dataset', 7)).toBe(95);
    expect(percentage('training', 'training', NaN)).toBe(25);
  });

  it('count the finished phases', () => {
    expect((['queued', 'loading', 'training', 'persisting', 'completed'] as const).map(completedSteps)).toEqual([0, 1, 3, 5, 7]);
  });

  it('have the documented form, and the older nested one', () => {
    const facts = {
      status: 'running',
      phase: 'training',
      percent: 47,
      message: 'Training epoch 9/20',
      epoch: 9,
      totalEpochs: 20,
      loss: 0.0123,
      valLoss: NaN,
      etaSeconds: 41,
      modelName: 'Dense',
    } as const;
    expect(trainingProgress(SOURCE, 1_000_042, AT, facts)).toEqual({
      session_id: 'session_1_a',
      session_uuid: SOURCE.sessionId,
      run_id: 'run',
      job: 'training',
      seq: 1_000_042,
      timestamp: '2024-01-15T10:30:00.000Z',
      status: 'running',
      phase: 'training',
      progress_percent: 47,
      message: 'Training epoch 9/20',
      current_step: 'Training epoch 9/20',
      total_steps: 7,
      completed_steps: 3,
      epoch: 9,
      total_epochs: 20,
      loss: 0.0123,
      val_loss: null,
      eta_seconds: 41,
      model_name: 'Dense',
      progress: { overall: 47, current_step: 'Training epoch 9/20', total_steps: 7, completed_steps: 3 },
    });
    expect(trainingProgress(SOURCE, 1, AT, { ...facts, phase: 'evaluation' })).toMatchObject({
      epoch: null,
      total_epochs: null,
      loss: null,
      val_loss: null,
    });
  });

  it('show an upload at 100 percent only once its file exists', () => {
    const facts = {
      sessionId: 'a',
      sessionRef: 'a',
      uploadId: 'u',
      fileName: 'f.csv',
      fileType: 'input',
      bezeichnung: 'f',
      received: 4,
      totalChunks: 4,
    };
    const percent = (status: string): unknown => uploadProgress({ ...facts, status }, 1, AT)['progress_percent'];
    expect(['receiving', 'assembling', 'hash_mismatch', 'assembled'].map(percent)).toEqual([90, 95, 90, 100]);
  });
});
