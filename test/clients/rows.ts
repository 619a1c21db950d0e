/** A user with a row in every table that users may read, made over HTTP like any user's. */
import { smallSession, sendChunk, startTraining, trainingEnd } from '../acceptance/scenario';
import type { User } from '../acceptance/scenario';
import { api } from '../support';

/** Tables with rows of users; plans are everybody's. */
export const TABLES = [
  'sessions',
  'session_mappings',
  'files',
  'time_info',
  'zeitschritte',
  'training_results',
  'training_visualizations',
  'training_logs',
  'training_progress',
  'evaluation_tables',
  'uploads',
  'upload_chunks',
  'datasets',
  'saved_models',
  'user_subscriptions',
  'usage_tracking',
  'usage_charges',
] as const;

/** @returns the session's id as UUID */
export async function fillEveryTable(user: User): Promise<string> {
  const sessionId = await smallSession(user);
  const { token } = user;
  await api(token).post('/save-time-info', { sessionId, timeInfo: { jahr: true } });
  const dataset = await api(token).post(`/generate-datasets/${sessionId}`, {});
  if (dataset.status !== 200) throw new Error(`generate-datasets: ${dataset.status}`);
  await startTraining(user, sessionId, { model_parameters: { MODE: 'LIN' } });
  const { status } = await trainingEnd(user, sessionId);
  if (status !== 'completed') throw new Error(`the training ended as ${String(status)}`);
  await api(token).post(`/save-evaluation-tables/${sessionId}`, { df_eval: { a: 1 } });
  // an upload under way: its chunk has not been joined yet
  await sendChunk(user, { sessionId, fileName: 'open.csv', bytes: Buffer.from('UTC;a\n1;2\n'), fileType: 'input', chunks: 2 }, 0);
  return (await api(token).get(`/get-session-uuid/${sessionId}`)).body['sessionUuid'] as string;
}
