import { z } from 'zod';
import { finding, jobKind, maybeInt, maybeText, sessionRef, success, text, time, uuid } from '../shapes';
import type { Resource } from '../types';

const JOB_STATUS = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
const PHASES = ['queued', 'loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed'] as const;

export const training: Resource = {
  tag: 'Training',
  description: 'One job per session at a time; it goes on whether or not anyone waits for it.',
  routes: {
    'POST /api/training/train-models/:session_id': {
      summary: 'Start a training',
      description: 'The body must not be empty. The dataset is taken from the cache or built by the run.',
      refuses: [
        ...(['INVALID_MODEL_PARAMS', 'INVALID_TRAINING_SPLIT', 'NO_FILES', 'INVALID_DATA', 'INCOMPLETE_CONFIG'] as const),
        ...(['INVALID_ZEITSCHRITTE', 'INVALID_FILE_METADATA', 'INVALID_TIME_INFO', 'NOT_FEASIBLE'] as const),
        ...(['TRAINING_IN_PROGRESS', 'DATASET_IN_PROGRESS', 'TRAINING_LIMIT_REACHED'] as const),
      ],
      answers: { 200: success({ message: text, note: text, workflowId: text, runId: uuid, session_id: sessionRef }) },
    },
    'POST /api/training/cancel-training/:session_id': {
      summary: 'Cancel the active job',
      description: 'Idempotent; without an active job nothing happens. Waits up to 10 s.',
      answers: {
        200: success({
          session_id: sessionRef,
          cancelled: z.boolean(),
          job: jobKind.nullable(),
          workflowId: maybeText,
          runId: uuid.nullable(),
          status: z.enum([...JOB_STATUS, 'cancelling', 'not_found']),
          refunded: z.boolean(),
        }),
      },
    },
    'GET /api/training/status/:session_id': {
      summary: 'State of the newest job',
      query: { job: { description: 'Only jobs of this kind.' } },
      legacy: { session_id: sessionRef, status: z.literal('error'), message: text },
      answers: {
        200: success({
          session_id: sessionRef,
          job: jobKind.nullable(),
          run_id: uuid.nullable(),
          workflow_id: maybeText,
          status: z.enum([...JOB_STATUS, 'not_found']),
          phase: z.enum(PHASES).nullable(),
          progress: z.int().min(0).max(100).meta({ description: 'Never falls within a run; 100 only when completed.' }),
          current_step: text,
          total_steps: z.int(),
          completed_steps: z.int(),
          started_at: time.nullable(),
          completed_at: time.nullable(),
          message: text,
          epoch: maybeInt,
          total_epochs: maybeInt,
          loss: z.number().nullable(),
          val_loss: z.number().nullable(),
          eta_seconds: z.number().nullable(),
          queue_position: maybeInt,
          error: maybeText,
          error_code: maybeText,
          details: z.array(finding).nullable(),
        }),
      },
    },
  },
};
