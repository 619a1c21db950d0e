import type { FileRow, UploadView } from '../../store/types';
import { withoutExtension } from '../drafts/fileName';

// an upload's type and label may still be unknown; the file will get these
const keyOf = ({ file_name, file_type, bezeichnung }: UploadView) => ({
  fileName: file_name,
  fileType: file_type ?? 'input',
  bezeichnung: bezeichnung ?? withoutExtension(file_name),
});

/** What is missing of an unfinished upload: an entry of 409 UPLOAD_INCOMPLETE. */
export const uploadGaps = (upload: UploadView) => ({
  ...keyOf(upload),
  received: upload.received_count,
  totalChunks: upload.total_chunks,
  missing: upload.missing,
});

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
