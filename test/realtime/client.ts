/** Sessions and jobs that exist in the database only, and the configuration of parts that a test starts by itself. */
import { randomUUID } from 'node:crypto';
import { loadConfig } from '../../src/config';
import type { Config } from '../../src/config';
import type { TrainingJob } from '../../src/workflows/messages';
import { api, endpoints } from '../support';
import type { TestUser } from '../support';

export const testConfig = (changes: Record<string, string> = {}): Config => {
  const { supabase, databaseUrl, temporal } = endpoints();
  return loadConfig({
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: supabase.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...changes,
  });
};

export interface TestSession {
  ref: string;
  uuid: string;
}

export async function openSession({ token }: TestUser): Promise<TestSession> {
  const ref = `session_${Date.now()}_${randomUUID().slice(0, 7)}`;
  const { body } = await api(token).post('/init-session', { sessionId: ref });
  return { ref, uuid: body['sessionUuid'] as string };
}

/** Input of a training of a session without files: its row can be begun, opened and ended by hand. */
export const trainingOf = ({ id: userId }: TestUser, { ref, uuid }: TestSession): TrainingJob =>
  ({
    job: 'training',
    runId: randomUUID(),
    sessionId: uuid,
    sessionRef: ref,
    sessionName: null,
    userId,
    startedAt: new Date().toISOString(),
    contentHash: '0'.repeat(64),
    settings: {
      series: [],
      steps: { inputSteps: 2, outputSteps: 2, referenceStepMin: 60, referenceOffsetMin: 0 },
      time: { timeZone: 'UTC', groups: [] },
    },
    files: [],
    training: {
      model: { kind: 'LIN' },
      modeAsSent: 'LIN',
      parameters: { MODE: 'LIN' },
      split: { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' },
    },
  }) satisfies TrainingJob;
