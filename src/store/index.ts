/** Access to Supabase: rows and functions of data-model.md, and object storage. Nothing else in the service talks to it. */
import type { Config } from '../config';
import type { Buckets } from './buckets';
import { answer, serviceClient, userClients, type Credentials } from './clients';
import { datasets, serviceDatasets } from './datasets';
import { deletions } from './deletions';
import { serviceFiles, userFiles } from './files';
import type { Store } from './interfaces';
import { serviceJobs, userJobs } from './jobs';
import { userModels } from './models';
import { createObjectStore } from './objects';
import { serviceQuota, userQuota } from './quota';
import { userResults } from './results';
import { serviceSessions, userSessions } from './sessions';
import { sweep } from './sweep';
import { serviceTimeConfig, userTimeConfig } from './timeConfig';
import { serviceUploads, userUploads } from './uploads';
import { serviceVisualizations, userVisualizations } from './visualizations';

export * from './types';
export type { ObjectStore, ServiceStore, Store, UserStore } from './interfaces';
export { assembledFile } from './assembledFile';
export { datasetHash } from './datasetHash';
export { fileLimit } from './quota';
export { isOfDeletedSession, StoreError, StoreUnavailable } from './errors';

/** Readiness must be known within 2 s. */
const PING_TIMEOUT_MS = 2_000;

export function createStore(config: Pick<Config, keyof (Credentials & Buckets)>): Store {
  const client = serviceClient(config);
  const clientOf = userClients(config);

  return {
    service: {
      ...serviceSessions(client),
      ...serviceFiles(client),
      ...serviceTimeConfig(client),
      ...serviceUploads(client),
      ...serviceJobs(client),
      ...serviceDatasets(client),
      ...serviceQuota(client),
      ...serviceVisualizations(client),
      ...deletions(client, config),
      ...sweep(client),
    },

    objects: createObjectStore(client, config),

    forUser(jwt) {
      const database = clientOf(jwt);
      return {
        ...userSessions(database, config),
        ...userFiles(database),
        ...userTimeConfig(database),
        ...userUploads(database),
        ...userJobs(database),
        ...userResults(database),
        ...userModels(database),
        ...userVisualizations(database),
        ...datasets(database),
        ...userQuota(database),
      };
    },

    async ping() {
      await answer(
        client.from('subscription_plans').select('slug').limit(1).retry(false).abortSignal(AbortSignal.timeout(PING_TIMEOUT_MS)),
      );
    },
  };
}
