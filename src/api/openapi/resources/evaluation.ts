import { z } from 'zod';
import { anyObject, maybeText, sessionRef, success, time, uuid } from '../shapes';
import type { Resource } from '../types';

const TABLE = { type: ['object', 'null'] };
const column = z.array(z.number().nullable());
const table = z.record(z.string(), column);

export const evaluation: Resource = {
  tag: 'Evaluation',
  description: 'Errors of the newest completed run per averaging level and per step, in original units.',
  routes: {
    'GET /api/training/evaluation-tables/:session_id': {
      summary: 'Evaluation tables, computed and saved',
      refuses: ['EVALUATION_TABLES_NOT_FOUND'],
      legacy: { session_id: sessionRef },
      answers: {
        200: success({
          session_id: sessionRef,
          run_id: uuid.nullable(),
          df_eval: z
            .record(z.string(), table)
            .meta({ description: 'By output: columns `delta [min]` and one per metric, an entry per level.' }),
          df_eval_ts: z.record(z.string(), z.record(z.string(), table)).meta({ description: 'By output and level: a value per step.' }),
          model_type: maybeText,
          saved: z.object({ df_eval: anyObject, df_eval_ts: anyObject, model_type: maybeText, saved_at: time }).nullable(),
        }),
      },
    },
    'POST /api/training/save-evaluation-tables/:session_id': {
      summary: "Keep tables of one's own beside the computed ones",
      description: 'At least one table; one left out is stored as {}. The last writer wins.',
      body: { type: 'object', properties: { df_eval: TABLE, df_eval_ts: TABLE, model_type: { type: ['string', 'null'], maxLength: 255 } } },
      refuses: ['MISSING_BODY'],
      answers: { 200: success({ session_id: sessionRef, message: z.string(), saved_at: time }) },
    },
  },
};
