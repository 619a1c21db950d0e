import type { FileRow, UploadView } from '../../store/types';
import type { Services, State } from '../types';

/** Discarded uploads answer 410 until they start afresh; they are no part of the session's state. */
export const isDiscarded = ({ status }: UploadView): boolean => status === 'cancelled' || status === 'expired';

/** Stands in the way of finalizing. An upload refused as a duplicate does not: its key has a file. */
export const isUnfinished = (upload: UploadView): boolean =>
  upload.status !== 'assembled' && !isDiscarded(upload) && upload.error_code !== 'DUPLICATE_FILE';

/** Files of a session that did not come through an upload still on record. */
export const filesWithoutUpload = (files: readonly FileRow[], uploads: readonly UploadView[]): FileRow[] =>
  files.filter(({ id, file_name, type, bezeichnung }) =>
    uploads.every(
      (upload) =>
        upload.file_id !== id && !(upload.file_name === file_name && upload.file_type === type && upload.bezeichnung === bezeichnung),
    ),
  );

/**
 * Sends the assembly of every complete, unassembled set again, so that an update lost before a worker accepted it is repeated
 * (http-api route 12, rule 6). Sets under way are joined, not repeated: the update id is the same.
 */
export function repeatAssemblies({ workflows }: Services, { session, user, log }: State, uploads: readonly UploadView[]): void {
  for (const { id, generation, attempt, status } of uploads) {
    if (status !== 'assembling') continue;
    const ref = { sessionId: session.id, sessionRef: session.stringId ?? session.id, userId: user.id, uploadId: id, generation, attempt };
    workflows.assemble(ref, 0).catch((error: unknown) => {
      log.info({ uploadId: id, err: error }, 'assembly not repeated');
    });
  }
}
