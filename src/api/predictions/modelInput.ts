import { ApiError } from '../errors';
import type { SentWindows } from './sentWindows';

/** What a model takes. */
export interface InputShape {
  steps: number;
  /** names in the order of the columns */
  features: readonly string[];
}

/**
 * Sent windows as the model takes them, (window, step, feature).
 * @throws ApiError INVALID_PREDICTION_INPUT naming the shape that is wanted, or the features that are unknown or missing
 */
export function modelInput(sent: SentWindows, { steps, features }: InputShape): Float64Array {
  if (sent.values) {
    const [windows, sentSteps, sentFeatures] = sent.shape;
    if (sentSteps === steps && sentFeatures === features.length) return sent.values;
    throw refused(`a window of input_data has the shape ${sentSteps}×${sentFeatures}`, steps, features, `${windows} window(s) were sent`);
  }
  const { byName } = sent;
  const unknown = [...byName.keys()].filter((name) => !features.includes(name));
  const missing = features.filter((name) => !byName.has(name));
  if (unknown.length > 0) throw refused(`input_data names unknown features: ${unknown.join(', ')}`, steps, features);
  if (missing.length > 0) throw refused(`input_data lacks the features ${missing.join(', ')}`, steps, features);
  const values = new Float64Array(steps * features.length);
  features.forEach((name, column) => {
    const cells = byName.get(name)!;
    if (cells.length !== steps) throw refused(`input_data.${name} has ${cells.length} numbers`, steps, features);
    cells.forEach((cell, step) => (values[step * features.length + column] = cell));
  });
  return values;
}

function refused(what: string, steps: number, features: readonly string[], more?: string): ApiError {
  return new ApiError('INVALID_PREDICTION_INPUT', {
    error: `${what}; the model takes ${steps}×${features.length} (steps × features)`,
    field: 'input_data',
    suggestion: `The features are ${features.join(', ')}${more === undefined ? '' : `; ${more}`}`,
  });
}
