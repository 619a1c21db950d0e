import { readFileSync } from 'node:fs';
import path from 'node:path';
import { smallSession } from '../acceptance/scenario';
import type { Body, User } from '../acceptance/scenario';
import { signUpUser, target } from '../support';
import { describeWith, runPython } from '../support/python';

interface Heard {
  event: string;
  payload: Body;
}

interface Followed {
  joined: Body;
  refusals: (string | null)[];
  started: Body;
  inTime: boolean;
  live: Heard[];
  replay: Heard[];
}

const PHASES = ['queued', 'loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed'];
const rising = (values: number[]): boolean => values.every((value, index) => index === 0 || value > values[index - 1]!);
const neverFalling = (values: number[]): boolean => values.every((value, index) => index === 0 || value >= values[index - 1]!);

describeWith('contract')('python-socketio', () => {
  let user: User;
  let followed: Followed;
  let run: Body[];
  const named = (event: string): Body[] => followed.live.filter((one) => one.event === event).map(({ payload }) => payload);

  beforeAll(async () => {
    user = await signUpUser();
    const session = await smallSession(user);
    const program = readFileSync(path.join(__dirname, 'follow_training.py'), 'utf8');
    const body = { model_parameters: { MODE: 'Dense', LAY: 1, N: 8, EP: 5, ACTF: 'ReLU' } };
    followed = runPython<Followed>('contract', program, [JSON.stringify([target().api, user.token, session, body])]);
    run = followed.live.map(({ payload }) => payload).filter((payload) => payload['run_id'] === followed.started['runId']);
  }, 180_000);

  it('is let in with a token in its handshake only', () => {
    expect(followed.refusals).toEqual([expect.any(String), expect.any(String)]);
    expect(followed.joined).toMatchObject({ status: 'success', room: `training_${followed.joined['session_uuid']}` });
  });

  it('hears a training from its beginning to its end, in rising order', () => {
    expect(followed.inTime).toBe(true);
    expect(rising(run.map(({ seq }) => seq as number))).toBe(true);
    expect(new Set(run.map(({ job, session_uuid: uuid }) => `${job} ${uuid}`)).size).toBe(1);
    const progress = named('training_progress');
    expect(progress.map(({ phase }) => PHASES.indexOf(phase as string)).every((phase) => phase >= 0)).toBe(true);
    expect(neverFalling(progress.map(({ phase }) => PHASES.indexOf(phase as string)))).toBe(true);
    expect(neverFalling(progress.map(({ progress_percent: percent }) => percent as number))).toBe(true);
    expect(progress.at(-1)).toMatchObject({ status: 'completed', phase: 'completed', progress_percent: 100, completed_steps: 7 });
  });

  it('hears every epoch', () => {
    const metrics = named('training_metrics');
    expect(metrics.map(({ epoch }) => epoch as number)).toEqual([1, 2, 3, 4, 5]);
    for (const one of metrics) expect([typeof one['loss'], typeof one['val_loss'], one['total_epochs']]).toEqual(['number', 'number', 5]);
  });

  it('hears of the end last, once', () => {
    expect(followed.live.at(-1)!.event).toBe('training_completed');
    expect(named('training_completed')).toEqual([
      expect.objectContaining({
        status: 'completed',
        success: true,
        run_id: followed.started['runId'],
        message: 'Training completed successfully',
      }),
    ]);
  });

  it('learns of the end when it joins afterwards, as it was', () => {
    const events = followed.replay.filter(({ payload }) => payload['replay'] === true);
    expect(events.map(({ event }) => event)).toEqual(['training_completed']);
    const { replay, ...payload } = events[0]!.payload;
    expect(replay).toBe(true);
    expect(payload).toEqual(named('training_completed')[0]);
  });
});
