import { isGrpcServiceError } from '@temporalio/client';

/** Temporal cannot be reached, or did not answer within the deadline. The request may be repeated unchanged. */
export class WorkflowUnavailable extends Error {
  override readonly name = 'WorkflowUnavailable';
}

/** The gRPC status codes that decide here (grpc.io, "Status codes and their use in gRPC"). */
export const GRPC = { INVALID_ARGUMENT: 3, DEADLINE_EXCEEDED: 4, NOT_FOUND: 5, PERMISSION_DENIED: 7, UNAUTHENTICATED: 16 } as const;

/** gRPC status behind an error of the SDK, which wraps it in `cause`; null when there is none. */
export function grpcCode(error: unknown): number | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (isGrpcServiceError(current)) return current.code;
  }
  return null;
}

/** The sentence keeps the operation and the status only: addresses and details stay in `cause`, for the log. */
export const unavailable = (operation: string, cause: unknown): WorkflowUnavailable =>
  new WorkflowUnavailable(`Temporal did not take the call: ${operation} (status ${grpcCode(cause) ?? 'none'})`, { cause });
