import type { SavedModelRow } from '../../store';
import type { VerifiedModels } from '../models/verify';
import type { OwnSession } from '../types';
import { isoTime } from './time';

const BYTES_PER_MIB = 1024 ** 2;

const mebibytes = ({ size_bytes: bytes }: SavedModelRow): number => Number((bytes / BYTES_PER_MIB).toFixed(6));

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
      file_size_mb: mebibytes(model),
      modified_time: isoTime(model.created_at),
      sha256: model.sha256,
      run_id: model.run_id,
    })),
    count: models.length,
  },
  session_id: session.ref,
});

/** Answer of POST /save-model (http-api route 23). */
export const savedModelsBody = (session: OwnSession, { stored, failed }: VerifiedModels): Record<string, unknown> => ({
  success: true,
  message: `Successfully saved ${stored.length} model(s) to storage`,
  models: stored.map((model) => ({
    dataset_name: model.dataset_name,
    model_type: model.model_type,
    filename: model.filename,
    storage_path: model.object_path,
    size_mb: mebibytes(model),
    path_in_results: model.path_in_results,
    file_format: model.format,
  })),
  total_uploaded: stored.length,
  session_id: session.ref,
  ...(failed.length > 0 ? { failed_models: failed, total_failed: failed.length } : {}),
});
