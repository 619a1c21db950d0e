import { allRows, answer, call, firstRow, type Database } from './clients';
import type { ServiceStore, UserStore } from './interfaces';
import { withNumbers } from './rows';
import type {
  CancelUploadOutcome,
  ChunkRow,
  CompleteUploadOutcome,
  FileRow,
  QuotaRecord,
  RegisterChunkOutcome,
  UploadRow,
  UploadStatus,
  UploadView,
} from './types';
import { activePlan, quotaState, type PlanRecord } from './quota';
import { resolvedSession, type SessionRecord } from './sessions';

const numbers = <Row extends UploadRow>(row: Row): Row => withNumbers(row, ['received_bytes', 'expected_size', 'seq']);

export const userUploads = (database: Database): Pick<UserStore, 'uploads' | 'admitChunk' | 'cancelUpload'> => ({
  uploads: async (sessionId) => (await call<UploadView[]>(database, 'session_uploads', { p_session: sessionId })).map(numbers),

  async admitChunk(ref) {
    const { plan, session, quota } = await call<Admission>(database, 'admit_chunk', { p_ref: ref });
    return { plan: plan && activePlan(plan), session: resolvedSession(session), quota: quotaState(quota) };
  },

  async cancelUpload({ sessionId, fileName, type, bezeichnung }) {
    const done = await call<Cancelled>(database, 'cancel_upload', {
      p_session: sessionId,
      p_file_name: fileName,
      p_type: type,
      p_bezeichnung: bezeichnung,
    });
    return { outcome: done.outcome, removedChunks: done.removed_chunks, upload: done.upload && numbers(done.upload) };
  },
});

interface Admission {
  plan: PlanRecord | null;
  session: SessionRecord;
  quota: QuotaRecord;
}

interface Cancelled {
  outcome: CancelUploadOutcome['outcome'];
  removed_chunks: number;
  upload: UploadRow | null;
}

interface Registered {
  outcome: RegisterChunkOutcome['outcome'];
  upload_id: string | null;
  generation: number;
  attempt: number;
  received: number;
  total_chunks: number;
  missing: number[];
  complete: boolean;
  status: UploadStatus | null;
  file_id: string | null;
}

interface Completed {
  outcome: CompleteUploadOutcome['outcome'];
  file: FileRow | null;
  quota: QuotaRecord | null;
}

export const serviceUploads = (
  database: Database,
): Pick<
  ServiceStore,
  | 'registerChunk'
  | 'upload'
  | 'chunks'
  | 'touchUpload'
  | 'completeUpload'
  | 'failUpload'
  | 'withdrawUpload'
  | 'nextUploadSeq'
  | 'nextReceivingSeq'
> => ({
  async registerChunk(chunk) {
    const done = await call<Registered>(database, 'register_chunk', {
      p_session: chunk.sessionId,
      p_file_name: chunk.fileName,
      p_type: chunk.type,
      p_bezeichnung: chunk.bezeichnung,
      p_total: chunk.totalChunks,
      p_index: chunk.index,
      p_size: chunk.size,
      p_sha256: chunk.sha256,
      p_object: chunk.objectPath,
      p_expected_sha256: chunk.expectedSha256,
      p_expected_size: chunk.expectedSize,
      p_metadata: chunk.metadata,
    });
    return {
      outcome: done.outcome,
      uploadId: done.upload_id,
      generation: done.generation,
      attempt: done.attempt,
      received: done.received,
      totalChunks: done.total_chunks,
      missing: done.missing,
      complete: done.complete,
      status: done.status,
      fileId: done.file_id,
    };
  },

  async upload(uploadId) {
    const row = await firstRow<UploadRow>(database.from('uploads').select('*').eq('id', uploadId));
    return row && numbers(row);
  },

  async chunks(uploadId, generation) {
    const rows = await allRows<ChunkRow>((from, to) =>
      database
        .from('upload_chunks')
        .select('*')
        .eq('upload_id', uploadId)
        .eq('generation', generation)
        .order('chunk_index')
        .range(from, to),
    );
    return rows.map((row) => withNumbers(row, ['size_bytes']));
  },

  async touchUpload(uploadId) {
    // 'now' is evaluated by PostgreSQL: ages are measured with one clock
    await answer(database.from('uploads').update({ last_activity_at: 'now' }).eq('id', uploadId));
  },

  async completeUpload({ uploadId, generation, attempt }, file) {
    const done = await call<Completed>(database, 'complete_upload', {
      p_upload: uploadId,
      p_generation: generation,
      p_attempt: attempt,
      p_file: {
        id: file.fileId,
        type: file.type,
        bezeichnung: file.bezeichnung,
        metadata: file.metadata,
        statistics: file.statistics,
        content: {
          storage_bucket: file.bucket,
          storage_path: file.objectPath,
          sha256: file.sha256,
          size_bytes: file.sizeBytes,
          row_count: file.rowCount,
          column_header: file.columnHeader,
          separator: file.separator,
          valid: file.valid,
          problems: file.problems,
        },
      },
    });
    return { outcome: done.outcome, file: done.file, quota: done.quota && quotaState(done.quota) };
  },

  async failUpload({ uploadId, generation, attempt }, status, code) {
    await call(database, 'fail_upload', {
      p_upload: uploadId,
      p_generation: generation,
      p_attempt: attempt,
      p_status: status,
      p_code: code,
    });
  },

  async withdrawUpload({ uploadId, generation }) {
    const refused = ['failed', 'hash_mismatch'];
    await answer(database.from('uploads').delete().eq('id', uploadId).eq('generation', generation).in('status', refused));
  },

  nextUploadSeq: (uploadId) => call<number>(database, 'next_upload_seq', { p_upload: uploadId }).then(Number),

  async nextReceivingSeq(uploadId) {
    const seq = await call<number | null>(database, 'next_receiving_seq', { p_upload: uploadId });
    return seq === null ? null : Number(seq);
  },
});
