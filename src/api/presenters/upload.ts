import type { CancelUploadOutcome, FileRow, RegisterChunkOutcome, UploadView } from '../../store/types';
import type { AssembledFile } from '../../workflows/messages';
import { labelOfFile } from '../../domain/settings';

// an upload's type and label may still be unknown; the file will get these
const keyOf = ({ file_name, file_type, bezeichnung }: UploadView) => ({
  fileName: file_name,
  fileType: file_type ?? 'input',
  bezeichnung: bezeichnung ?? labelOfFile(file_name),
});

/** What is missing of an unfinished upload: an entry of 409 UPLOAD_INCOMPLETE. */
export const uploadGaps = (upload: UploadView) => ({
  ...keyOf(upload),
  received: upload.received_count,
  totalChunks: upload.total_chunks,
  missing: upload.missing,
});

/** An entry of `uploads` in GET /session/:session_id. */
export const openUpload = (upload: UploadView) => ({ ...uploadGaps(upload), status: upload.status });

/** An entry of `files` in session-status. */
export const uploadStatus = (upload: UploadView) => ({
  ...uploadGaps(upload),
  assembled: upload.status === 'assembled',
  status: upload.status,
});

/** The same for a file that did not come in chunks. */
export const fileStatus = (file: FileRow) => {
  const assembled = file.sha256 !== null;
  return {
    fileName: file.file_name,
    fileType: file.type,
    bezeichnung: file.bezeichnung,
    received: assembled ? 1 : 0,
    totalChunks: 1,
    missing: [],
    assembled,
    status: assembled ? 'assembled' : 'receiving',
  };
};

/** 200 of upload-chunk while chunks are missing or the assembly goes on. */
export const chunkReceived = (
  index: number,
  { received, totalChunks, missing, outcome, uploadId, complete, status }: RegisterChunkOutcome,
) => ({
  success: true,
  message: `Successfully received chunk ${index} of ${totalChunks}`,
  chunkIndex: index,
  totalChunks,
  received,
  missing,
  duplicate: outcome === 'duplicate',
  assembled: false,
  assembling: complete && status === 'assembling',
  uploadId,
});

/** 200 of upload-chunk once the file exists. */
export const fileAssembled = (index: number, outcome: RegisterChunkOutcome, file: AssembledFile) => ({
  ...chunkReceived(index, outcome),
  message: `File ${file.fileName} assembled successfully`,
  missing: [],
  assembled: true,
  assembling: false,
  file,
});

/** Answer of POST /cancel-upload (http-api D). */
export const uploadCancelled = (fileName: string, { outcome, removedChunks }: CancelUploadOutcome) => ({
  success: true,
  cancelled: outcome === 'cancelled',
  removed_chunks: removedChunks,
  message: outcome === 'cancelled' ? `Upload of ${fileName} cancelled` : `No open upload of ${fileName}`,
});
