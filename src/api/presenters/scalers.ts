import type { ScalerView } from '../../domain/artefacts';
import type { ScaledTable } from '../../domain/scaling';
import type { SavedTable } from '../scalers';
import type { OwnSession } from '../types';

/** Answer of GET /scalers (http-api route 34). */
export const scalersBody = (session: OwnSession, scalers: ScalerView): Record<string, unknown> => ({
  success: true,
  session_id: session.ref,
  scalers,
});

/** Answer of POST /scale-data (http-api route 36) but for `scaled_data`, which is streamed behind it. */
export const scaledBody = (session: OwnSession, { rows, names, info }: ScaledTable, saved: SavedTable | null): Record<string, unknown> => {
  const shape = [rows, names.length];
  return {
    success: true,
    session_id: session.ref,
    features: names,
    scaling_info: Object.fromEntries(info.map((column, i) => [`feature_${i}`, column])),
    metadata: {
      original_shape: shape,
      scaled_shape: shape,
      features_scaled: info.filter(({ scaled }) => scaled).length,
      total_features: names.length,
      saved_file_path: saved?.name ?? null,
      saved_file_url: saved?.url ?? null,
    },
  };
};
