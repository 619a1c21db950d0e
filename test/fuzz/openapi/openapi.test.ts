import { openSession, smallSession, startTraining, trainingEnd } from '../../acceptance/scenario';
import type { Body, User } from '../../acceptance/scenario';
import { several } from '../../races/support';
import { api, signUpUser } from '../../support';
import { openApi } from '../../support/openApi';
import { describeWith } from '../../support/python';
import { schemathesis } from './schemathesis';

const REQUESTS = 5000;
const LIMIT_MS = 300_000;
// each is one thread that mostly waits for answers
const RUNS = 3;
// it would take the sessions of all the others away
const DELETE_ALL = 'postDeleteAllSessions';

const operationIds = Object.values(openApi['paths'] as Body).flatMap((methods: Body) =>
  Object.values(methods).map((operation) => (operation as Body)['operationId'] as string),
);

const idsOf = (files: Body): string[] => (files['data'] as Body[]).map(({ id }) => id as string);

/** What hooks.py tells schemathesis: ids and names that exist. */
async function knownThings(user: User): Promise<Body> {
  const [trained, draft, foreign] = await Promise.all([smallSession(user), smallSession(user), openSession(await signUpUser())]);
  await startTraining(user, trained, { model_parameters: { MODE: 'LIN' } });
  expect(await trainingEnd(user, trained)).toMatchObject({ status: 'completed' });
  const of = async (route: string): Promise<Body> => (await api(user.token).get(route)).body;
  const [{ results }, models, variables, files, trainedFiles, uuid] = await Promise.all([
    of(`/results/${trained}`),
    of(`/list-models-database/${trained}`),
    of(`/plot-variables/${trained}`),
    of(`/csv-files/${draft}`),
    of(`/csv-files/${trained}`),
    of(`/get-session-uuid/${trained}`),
  ]);
  return {
    trained: [trained, uuid['sessionUuid']],
    drafts: [draft, await openSession(user)],
    doomed: await several(Array.from({ length: 6 }), 2, () => openSession(user)),
    foreign,
    files: idsOf(files),
    trainedFiles: idsOf(trainedFiles),
    model: (results as Body[])[0]!['id'],
    modelFile: ((models['data'] as Body)['models'] as Body[])[0]!['filename'],
    inputs: variables['input_variables'],
    outputs: variables['output_variables'],
    window: [13, (variables['input_variables'] as string[]).length],
  };
}

describeWith('contract')('schemathesis', () => {
  it(
    `finds no server error and no answer beside the document in ${REQUESTS} requests`,
    async () => {
      const [user, victim] = await Promise.all([signUpUser(), signUpUser()]);
      const common = { known: await knownThings(user), limitMs: LIMIT_MS };
      const shares = Array.from({ length: RUNS }, (_, run) =>
        operationIds.filter((id, index) => id !== DELETE_ALL && index % RUNS === run),
      );
      const reports = await Promise.all([
        ...shares.map((share) => schemathesis({ ...common, token: user.token, operationIds: share })),
        schemathesis({ ...common, token: victim.token, operationIds: [DELETE_ALL] }),
      ]);
      expect(reports.flatMap(({ findings }) => findings)).toEqual([]);
      const answers = reports.flatMap((report) => [...report.answers]);
      expect(answers.flatMap(([, statuses]) => statuses).length).toBeGreaterThanOrEqual(REQUESTS);
      // requests that never get behind the checks would find nothing
      const shallow = answers.filter(([, statuses]) => !statuses.includes(200));
      expect(shallow.map(([operation]) => operation)).toEqual([]);
      expect(answers).toHaveLength(operationIds.length);
      expect((await api().get('/ready')).status).toBe(200);
    },
    LIMIT_MS + 60_000,
  );
});
