/** Drafts that were saved as they came and make no sense: jobs name what is wrong, before anything is charged. */
import { api, signUpUser } from '../support';
import { hourlyCsv, openSession, sendChunk, smallSession } from './scenario';
import type { Body, User } from './scenario';

let user: User;
beforeAll(async () => {
  user = await signUpUser();
});

const STEPS = { eingabe: '13', ausgabe: '13', zeitschrittweite: '60', offset: '0' };
type Spoil = (session: string) => Promise<unknown>;
const http = () => api(user.token);

const saveSteps = (session: string, zeitschritte: Body) => http().post('/save-zeitschritte', { sessionId: session, zeitschritte });

const CASES: [string, Spoil, string, string][] = [
  ['no steps', (session) => saveSteps(session, {}), 'INCOMPLETE_CONFIG', 'missing'],
  ['a step width in words', (session) => saveSteps(session, { ...STEPS, zeitschrittweite: 'bald' }), 'INVALID_ZEITSCHRITTE', 'details'],
  [
    'a time zone nobody knows',
    (session) => http().post('/save-time-info', { sessionId: session, timeInfo: { jahr: true, zeitzone: 'Mars/Olympus' } }),
    'INVALID_TIME_INFO',
    'details',
  ],
  [
    'a horizon that ends before it begins',
    async (session) => {
      const [file] = (await http().get<Body>(`/csv-files/${session}`)).body['data'] as Body[];
      return http().put(`/csv-files/${file?.['id'] as string}`, { zeithorizontStart: '5', zeithorizontEnd: '1' });
    },
    'INVALID_FILE_METADATA',
    'details',
  ],
  [
    'a file that cannot be read',
    (session) =>
      sendChunk(
        user,
        { sessionId: session, fileName: 'bad.csv', bytes: Buffer.from('UTC;a\n2024-01-01 00:00:00;x\n'), fileType: 'input' },
        0,
      ),
    'INVALID_DATA',
    'details',
  ],
];

describe.each(CASES)('%s', (_, spoil, code, explanation) => {
  let session: string;
  beforeAll(async () => {
    session = await smallSession(user);
    await spoil(session);
  });

  it.each([
    ['generate-datasets', {}],
    ['train-models', { model_parameters: { MODE: 'LIN' } }],
  ])('is refused by %s', async (route, body) => {
    const answer = await http().post<Body>(`/${route}/${session}`, body);
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
    expect((answer.body[explanation] as unknown[]).length).toBeGreaterThan(0);
    expect((await http().get(`/status/${session}`)).body).toMatchObject({ status: 'not_found' });
  });
});

it('finalize-session takes drafts but no wrong types, and then stores nothing', async () => {
  const sessionId = await openSession(user);
  await sendChunk(user, { sessionId, fileName: 'a.csv', bytes: hourlyCsv('a', 30, (i) => i) }, 0);
  for (const [sent, code] of [
    [{ timeInfo: { jahr: 'perhaps' }, zeitschritte: { eingabe: '3' } }, 'INVALID_TIME_INFO'],
    [{ timeInfo: { jahr: true }, zeitschritte: { eingabe: '0' } }, 'INVALID_ZEITSCHRITTE'],
  ] as const)
    expect(await http().post('/finalize-session', { sessionId, ...sent })).toMatchObject({ status: 400, body: { code } });
  expect((await http().get<Body>(`/session/${sessionId}`)).body['session']).toMatchObject({
    finalized: false,
    timeInfo: {},
    zeitschritte: {},
  });
  const finalized = await http().post('/finalize-session', {
    sessionId,
    timeInfo: { zeitzone: 'anything' },
    zeitschritte: { eingabe: '3' },
  });
  expect(finalized.status).toBe(200);
  expect((await http().get(`/get-zeitschritte/${sessionId}`)).body['data']).toMatchObject({ eingabe: '3' });
});
