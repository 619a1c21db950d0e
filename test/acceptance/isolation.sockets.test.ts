/** Sockets of a second user: whatever he asks for, he hears nothing of a session that is not his, and nobody hears of him. */
import { api, closeSockets, connect, signUpUser } from '../support';
import type { TestSocket } from '../support';
import { ownedSession } from './ownedSession';
import type { OwnedSession } from './ownedSession';
import { hourlyCsv, sendChunk, startTraining, trainingEnd, uploadAll } from './scenario';
import type { Body, User } from './scenario';

let owned: OwnedSession;
let stranger: User;
let foreign: TestSocket;
let own: TestSocket;

beforeAll(async () => {
  [owned, stranger] = await Promise.all([ownedSession(), signUpUser()]);
}, 120_000);
beforeEach(async () => {
  [foreign, own] = await Promise.all([connect(stranger.token), connect(owned.owner.token)]);
});
afterEach(closeSockets);

/** Every event that names a session or an upload, with the key it is named by. */
const EVENTS: [event: string, key: string, error: string][] = [
  ['join_training_session', 'session_id', 'training_session_error'],
  ['join_training_session', 'sessionId', 'training_session_error'],
  ['leave_training_session', 'session_id', 'training_session_error'],
  ['request_training_status', 'session_id', 'training_status_error'],
  ['request_dataset_status', 'session_id', 'dataset_status_error'],
  ['join_upload_room', 'uploadId', 'upload_room_error'],
  ['join', 'uploadId', 'upload_room_error'],
  ['leave', 'uploadId', 'upload_room_error'],
];

/** A refusal holds what was sent and constants. */
function expectRefusal(answer: Body, ref: string): void {
  expect(answer).toMatchObject({ status: 'error', code: 'FORBIDDEN', message: 'Access denied' });
  const text = JSON.stringify(answer).replaceAll(ref, '');
  for (const secret of [owned.session, owned.uuid, owned.upload, owned.owner.id]) expect(text).not.toContain(secret);
}

const uploads = (key: string): string[] => (key === 'uploadId' ? [owned.upload, owned.upload.toUpperCase()] : []);

it.each(EVENTS)('%s by %s is refused for every id of the session', async (event, key, error) => {
  const refs = [owned.session, owned.uuid, owned.uuid.toUpperCase(), ...uploads(key)];
  for (const [index, ref] of refs.entries()) {
    expectRefusal(await foreign.ask(event, { [key]: ref }), ref);
    expectRefusal(await foreign.next(error, index + 1), ref);
  }
  // claims of the payload change nothing
  expectRefusal(
    await foreign.ask(event, { [key]: owned.uuid, user_id: owned.owner.id, userId: owned.owner.id, token: owned.owner.token }),
    owned.uuid,
  );
});

it.each(EVENTS)('%s by %s takes no name of a room', async (event, key) => {
  for (const room of [`training_${owned.uuid}`, `upload_${owned.upload}`, `training_${owned.session}`, '*', ''])
    expect(await foreign.ask(event, { [key]: room })).toMatchObject({
      status: 'error',
      code: expect.stringMatching(/^BAD_(UUID|REQUEST)$/) as string,
    });
});

it('hears nothing of uploads, datasets, trainings and the end of a session, while its owner does, who hears nothing of him', async () => {
  for (const [event, key] of EVENTS)
    for (const ref of [owned.session, owned.uuid, ...uploads(key)]) await foreign.ask(event, { [key]: ref });
  await own.ask('join_training_session', { session_id: owned.session });
  await own.ask('join_upload_room', { uploadId: owned.upload });

  const sessionId = owned.session;
  const bytes = hourlyCsv('a', 60, (i) => i);
  await sendChunk(owned.owner, { sessionId, fileName: 'open.csv', bytes: hourlyCsv('a', 50, (i) => i), chunks: 3 }, 1);
  const added = await uploadAll(owned.owner, { sessionId, fileName: 'new.csv', bytes, fileType: 'input', bezeichnung: 'New', chunks: 2 });
  await api(owned.owner.token).delete(`/csv-files/${added.body['file'].id as string}`); // of another year than the rest
  await api(owned.owner.token).post(`/cancel-upload/${sessionId}`, { fileName: 'open.csv' });
  await api(owned.owner.token).post('/save-zeitschritte', {
    sessionId,
    zeitschritte: { eingabe: '3', ausgabe: '3', zeitschrittweite: '60', offset: '0' },
  });
  await startTraining(owned.owner, sessionId, { model_parameters: { MODE: 'Dense', LAY: 1, N: 4, EP: 2 } });
  await trainingEnd(owned.owner, sessionId);
  await api(owned.owner.token).post(`/session/${sessionId}/delete?force=true`);
  await own.next('session_deleted');

  const heardBy = ({ heard }: TestSocket): Set<string> => new Set(heard.map(({ event }) => event));
  // the owner heard the very events a stranger in a room would have heard by now
  for (const event of ['upload_progress', 'training_progress', 'session_deleted']) expect([...heardBy(own)]).toContain(event);
  expect([...heardBy(foreign)].filter((event) => !EVENTS.some(([, , error]) => error === event))).toEqual([]);
  expect(JSON.stringify(own.heard)).not.toContain(stranger.id);
}, 90_000);
