import type { SavedModelRow } from '../../store';
import type { OwnSession } from '../types';
import { isoTime } from './time';

const BYTES_PER_MIB = 1024 ** 2;

/** Answer of GET /list-models-database (http-api route 24). */
export const modelListBody = (session: OwnSession, models: readonly SavedModelRow[]): Record<string, unknown> => ({
  success: true,
  data: {
    models: models.map((model) => ({
      filename: model.filename,
      model_type: model.model_type,
      dataset_name: model.dataset_name,
      format: model.format,
      storage_path: model.object_path,
      file_size_mb: Number((model.size_bytes / BYTES_PER_MIB).toFixed(6)),
      modified_time: isoTime(model.created_at),
      sha256: model.sha256,
      run_id: model.run_id,
    })),
    count: models.length,
  },
  session_id: session.ref,
});
