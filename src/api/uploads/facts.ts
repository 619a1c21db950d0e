import type { UploadFacts } from '../../realtime';
import type { UploadRow } from '../../store';
import type { OwnSession } from '../types';

/** What events say of a stored upload. */
export const uploadFacts = (session: OwnSession, upload: UploadRow): UploadFacts => ({
  sessionId: session.id,
  sessionRef: session.stringId ?? session.id,
  uploadId: upload.id,
  fileName: upload.file_name,
  fileType: upload.file_type,
  bezeichnung: upload.bezeichnung,
  received: upload.received_count,
  totalChunks: upload.total_chunks,
  status: upload.status,
});
