import { sessionRoom, uploadProgress, uploadRoom } from '../../realtime';
import type { UploadRow, UploadStatus } from '../../store';
import type { UploadRef } from '../../workflows/messages';
import type { ActivityServices } from '../services';

export interface UploadNotice {
  status: UploadStatus;
  fileId?: string;
  sha256?: string;
  errorCode?: string;
}

/** Tells the session's room and the upload's own; a client in both gets the event once. */
export async function noticeUpload(
  { store, emit }: Pick<ActivityServices, 'store' | 'emit'>,
  ref: UploadRef,
  upload: UploadRow,
  notice: UploadNotice,
): Promise<void> {
  const seq = await store.service.nextUploadSeq(ref.uploadId);
  const facts = {
    sessionId: ref.sessionId,
    sessionRef: ref.sessionRef,
    uploadId: ref.uploadId,
    fileName: upload.file_name,
    fileType: upload.file_type,
    bezeichnung: upload.bezeichnung,
    received: upload.received_count,
    totalChunks: upload.total_chunks,
    ...notice,
  };
  await emit([sessionRoom(ref.sessionId), uploadRoom(ref.uploadId)], 'upload_progress', uploadProgress(facts, seq, new Date()));
}
