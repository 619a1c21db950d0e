import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import { ApplicationFailure } from '@temporalio/common';
import { PipelineError } from '../../domain/findings';
import { isOfDeletedSession, StoreError, StoreUnavailable } from '../../store';
import { WorkflowUnavailable } from '../../temporal';
import { ApiError } from '../errors';
import { fromFindings } from '../findings';
import { legacyKeys } from '../http/legacyKeys';
import type { Context, Guard, State } from '../types';
import { fromWorkflowFailure } from '../workflowFailure';

const RETRY_AFTER_SECONDS = 5;
// a refused upload is read to its end, so that the client sees the answer instead of a broken connection
const DISCARD_AT_MOST_BYTES = 100 * 1024 ** 2;

/** The one place where a refusal becomes an answer (http-api A.4). */
export function renderErrors(): Guard {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      render(ctx, error);
    }
  };
}

/** Errors outside the middleware chain (a body stream that fails) take the same way; Koa's own handler answers in plain text. */
export function renderStreamErrors(app: Koa<State>): void {
  app.context.onerror = function (this: Context, error: unknown) {
    if (error === null || error === undefined) return; // koa calls it at the end of every response
    if (this.headerSent || !this.writable) {
      this.state.log.warn({ err: error }, 'answer broken off');
      this.res.destroy();
      return;
    }
    render(this, error);
    this.res.end(JSON.stringify(this.body));
  };
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof PipelineError) return fromFindings(error.findings);
  if (error instanceof ApplicationFailure) return fromWorkflowFailure(error);
  if (error instanceof StoreUnavailable) return new ApiError(storeCode(error), { cause: error });
  if (error instanceof StoreError && isOfDeletedSession(error)) return new ApiError('SESSION_NOT_FOUND', { cause: error });
  if (error instanceof WorkflowUnavailable) return new ApiError('WORKFLOW_UNAVAILABLE', { cause: error });
  return new ApiError('INTERNAL_ERROR', { cause: error });
}

const storeCode = (error: StoreUnavailable): 'STORAGE_UNAVAILABLE' | 'DATABASE_UNAVAILABLE' =>
  error.part === 'storage' ? 'STORAGE_UNAVAILABLE' : 'DATABASE_UNAVAILABLE';

function render(ctx: Context, error: unknown): void {
  const refusal = toApiError(error);
  const { code, status } = refusal;
  if (ctx.req.destroyed && !ctx.req.complete) {
    ctx.state.log.info({ code }, 'request aborted by the client');
    return;
  }
  if (status >= 500) ctx.state.log.error({ code, err: refusal.cause ?? refusal }, 'request failed');
  else ctx.state.log.debug({ code, field: refusal.options.field }, 'request refused'); // its sentence may quote the request

  ctx.status = status;
  ctx.body = { ...legacyKeys(ctx, refusal), ...refusal.envelope() };
  ctx.set('Cache-Control', 'no-store');
  for (const header of ['Content-Disposition', 'Content-Length', 'ETag', 'Accept-Ranges', 'Content-Range']) ctx.remove(header);
  ctx.type = 'json';
  if (status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  if (status === 503) ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
  ctx.set(refusal.options.headers ?? {});
  if (!ctx.req.complete) discardRest(ctx.req);
}

function discardRest(request: IncomingMessage): void {
  let bytes = 0;
  request.unpipe();
  request.on('error', () => undefined); // an abort now concerns nobody
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARD_AT_MOST_BYTES) request.destroy();
  });
  request.resume();
}
