import { toApiError } from '../middleware/renderErrors';

/** The two facts of an error a client may know. */
export interface Refusal {
  code: string;
  message: string;
  /** not a refusal but a fault: to be logged */
  unexpected: boolean;
}

export function refusalOf(error: unknown): Refusal {
  const { code, message, status } = toApiError(error);
  return { code, message, unexpected: status >= 500 };
}
