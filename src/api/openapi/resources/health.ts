import { z } from 'zod';
import { anyObject, success, text } from '../shapes';
import type { Resource } from '../types';

const check = z.object({ ok: z.boolean(), latency_ms: z.int() });
const checks = z.object({
  supabase: check,
  temporal: check,
  workers: z.object({ ok: z.boolean(), queues: z.record(z.string(), z.int()).meta({ description: 'Workers polling each task queue.' }) }),
});

export const health: Resource = {
  tag: 'Service',
  description: 'State and description of the service; no token needed.',
  routes: {
    'GET /health': {
      summary: 'Whether the process serves',
      answers: { 200: success({ status: z.literal('ok'), version: text, uptime_seconds: z.int() }) },
    },
    'GET /ready': {
      summary: 'Whether everything behind the process answers',
      description: 'Each check takes at most 2 s; the result is kept for 2 s.',
      answers: {
        200: success({ status: z.literal('ready'), checks }),
        503: z.object({
          success: z.literal(false),
          code: z.enum(['DATABASE_UNAVAILABLE', 'WORKFLOW_UNAVAILABLE']),
          error: z.string(),
          status: z.literal('not_ready'),
          checks,
        }),
      },
    },
    'GET /openapi.json': {
      summary: 'This document',
      answers: { 200: anyObject },
    },
  },
};
