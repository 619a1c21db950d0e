import type { ApiError } from '../errors';
import type { Context } from '../types';

type Legacy = (ctx: Context, error: ApiError) => Record<string, unknown>;

const sessionId = (ctx: Context): Record<string, unknown> =>
  typeof ctx.params?.['session_id'] === 'string' ? { session_id: ctx.params['session_id'] } : {};

const nullData: Legacy = () => ({ data: null });

/**
 * What old clients look for in error bodies, per route (http-api part C, "Legacy keys").
 * Constants and values the caller sent only. Keys that belong to one code of a route are thrown with it (`extra`).
 */
const LEGACY: Record<string, Legacy> = {
  'GET /api/training/list-sessions': (_ctx, { status }) => (status >= 500 ? { message: 'Failed to retrieve sessions from database' } : {}),
  'GET /api/training/session-status/:session_id': (_ctx, { message }) => ({ status: 'error', progress: 0, message }),
  'GET /api/training/status/:session_id': (ctx, { message }) => ({ ...sessionId(ctx), status: 'error', message }),
  'POST /api/training/session-name-change': nullData,
  'GET /api/training/get-zeitschritte/:session_id': nullData,
  'GET /api/training/visualizations/:session_id': (ctx, { code }) =>
    code === 'VISUALIZATION_NOT_FOUND'
      ? { ...sessionId(ctx), plots: {}, message: 'No visualizations found for this session' }
      : { data: null },
  'POST /api/training/generate-plot': (_ctx, { code }) => (code === 'BAD_REQUEST' ? { data: null } : {}),
  'GET /api/training/evaluation-tables/:session_id': (ctx, { code }) => (code === 'EVALUATION_TABLES_NOT_FOUND' ? sessionId(ctx) : {}),
  'POST /api/training/save-model/:session_id': (_ctx, { message }) => ({ message }),
};

export const legacyKeys = (ctx: Context, error: ApiError): Record<string, unknown> => LEGACY[ctx.state.route]?.(ctx, error) ?? {};
