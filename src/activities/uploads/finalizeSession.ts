import { columnOrder, parseDatasetSettings } from '../../domain/settings';
import type { ServiceStore } from '../../store';
import { datasetHash } from '../../store';
import type { FinalizedSession, FinalizeRequest } from '../../workflows/messages';
import { refusal, thatFit } from '../failures';
import { withHeartbeat } from '../heartbeats';
import type { ActivityServices } from '../services';

export const createFinalizeSession = ({ store }: Pick<ActivityServices, 'store'>) =>
  /**
   * Stores given configuration and marks the session finalized. Repeating it returns the same numbers.
   * @throws (not retried) UPLOAD_INCOMPLETE with the gaps that fit into a failure; SESSION_NOT_FOUND
   */
  async function finalizeSession({ request }: { request: FinalizeRequest }): Promise<FinalizedSession> {
    return withHeartbeat(async () => {
      const { sessionId, timeInfo, zeitschritte } = request;
      const contentHash = await hashOfContent(store.service, request);
      const done = await store.service.finalizeSession({ sessionId, timeInfo, zeitschritte, contentHash });
      switch (done.outcome) {
        case 'finalized':
          return { nDat: done.nDat, nDatSource: done.nDatSource, fileCount: done.fileCount, finalizationTime: done.finalizationTime };
        case 'incomplete': {
          const uploads = done.uploads.map((one) => ({
            fileName: one.file_name,
            fileType: one.file_type,
            bezeichnung: one.bezeichnung,
            received: one.received_count,
            totalChunks: one.total_chunks,
            missing: one.missing,
          }));
          throw refusal('UPLOAD_INCOMPLETE', 'Some uploads are not complete', { uploads: thatFit(uploads) });
        }
        case 'not_found':
          throw refusal('SESSION_NOT_FOUND', 'Session not found');
      }
    });
  };

/** Hash of the dataset that the present files and settings lead to; null while they lead to none. */
async function hashOfContent(service: ServiceStore, { sessionId, timeInfo, zeitschritte }: FinalizeRequest): Promise<string | null> {
  const [all, storedTime, storedSteps] = await Promise.all([
    service.files(sessionId),
    service.timeInfo(sessionId),
    service.zeitschritte(sessionId),
  ]);
  if (all.length === 0 || all.some(({ sha256, valid }) => sha256 === null || valid === false)) return null;
  const records = all.map((row) => ({ ...row }));
  const { settings } = parseDatasetSettings({
    files: records,
    zeitschritte: given(zeitschritte) ?? (storedSteps && { ...storedSteps }),
    timeInfo: given(timeInfo) ?? (storedTime && { ...storedTime }),
  });
  if (!settings) return null;
  const files = columnOrder(records).flatMap((index) => all[index] ?? []);
  return datasetHash(files, settings);
}

/** An empty object leaves the stored row untouched, like none at all. */
const given = (config: Record<string, unknown> | null): Record<string, unknown> | null =>
  config && Object.keys(config).length > 0 ? config : null;
