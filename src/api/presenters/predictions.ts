import type { UsableModel } from '../predictions';
import type { OwnSession } from '../types';

/** Answer of POST /predict without the numbers (http-api part D). */
export const predictionBody = (
  session: OwnSession,
  { filename, output }: UsableModel,
  { count, scaling }: { count: number; scaling: boolean },
): Record<string, unknown> => ({
  success: true,
  session_id: session.ref,
  output_features: output.features,
  model_used: filename,
  timestamp: new Date().toISOString(),
  input_count: count,
  scaling_applied: scaling,
});
