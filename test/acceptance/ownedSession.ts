/** A session that has something of everything, with its owner: what a stranger might want. */
import { api, serviceClient, signUpUser } from '../support';
import { offers } from '../support/offers';
import { hourlyCsv, sendChunk, trainedSession } from './scenario';
import type { Body, User } from './scenario';

export interface OwnedSession {
  owner: User;
  /** string id */
  session: string;
  uuid: string;
  file: string;
  fileName: string;
  upload: string;
  run: string;
}

/** Files, an open upload, configuration, a dataset with its pictures, a run with its model, tables a client has saved. */
export async function ownedSession(): Promise<OwnedSession> {
  const owner = await signUpUser();
  const session = await trainedSession(owner);
  const http = api(owner.token);
  await http.post('/save-time-info', { sessionId: session, timeInfo: { jahr: true } });
  await http.post(`/generate-datasets/${session}`, {});
  await http.post(`/save-evaluation-tables/${session}`, { df_eval: { OT: { MAE: [1] } } });
  const open = { sessionId: session, fileName: 'open.csv', bytes: hourlyCsv('a', 50, (i) => i), chunks: 3 };
  const { body: chunk } = await sendChunk(owner, open, 0);
  const { body } = await http.get<Body>(`/session/${session}/database`);
  const { body: status } = await http.get(`/status/${session}?job=training`);
  const view = body['session'] as Body;
  return {
    owner,
    session,
    uuid: view['databaseSessionId'],
    file: view['files'][0].id,
    fileName: view['files'][0].fileName,
    upload: chunk['uploadId'],
    run: status['run_id'] as string,
  };
}

/** Looks at what is stored: past every policy where the key for that is known, else as the owner. */
export const watcherOf = (owner: User): User['client'] => (offers('service role') ? serviceClient() : owner.client);
