import { z } from 'zod';
import { anyObject, finding, image, maybeText, sessionRef, success, text, time } from '../shapes';
import type { Resource } from '../types';

const plots = z.record(z.string(), z.object({ data: image, type: maybeText, label: maybeText }));
const combined = z.object({ input_violin_plot: image.nullable(), output_violin_plot: image.nullable() });

export const datasets: Resource = {
  tag: 'Datasets',
  description: 'Windows of all series, and how their values are distributed.',
  routes: {
    'POST /api/training/generate-datasets/:session_id': {
      summary: 'Build the windows and draw the value distributions',
      description: 'A dataset of unchanged files and settings is answered from the cache, without a job and without a charge.',
      query: {
        wait: {
          description: 'Seconds to wait for the job; afterwards 202. Default 300.',
          schema: { type: 'number', minimum: 0, maximum: 600 },
        },
        format: { description: 'Of the pictures; default png.', schema: { type: 'string', enum: ['png', 'svg'] } },
      },
      refuses: [
        ...([
          'NO_FILES',
          'INVALID_DATA',
          'INCOMPLETE_CONFIG',
          'INVALID_ZEITSCHRITTE',
          'INVALID_FILE_METADATA',
          'INVALID_TIME_INFO',
        ] as const),
        ...(['NOT_FEASIBLE', 'PROCESSING_LIMIT_REACHED', 'TRAINING_IN_PROGRESS', 'DATASET_IN_PROGRESS'] as const),
      ],
      answers: {
        200: success({
          message: text,
          dataset_count: z.int(),
          n_dat: z.int(),
          n_dat_source: z.literal('windows'),
          violin_plots: plots,
          combined_violin_plots: combined,
          warnings: z.array(finding),
          cached: z.boolean(),
          workflowId: text,
        }),
        202: success({ status: z.enum(['processing', 'cancelled']), workflowId: text, session_id: sessionRef }),
      },
    },
    'GET /api/training/visualizations/:session_id': {
      summary: 'The stored pictures of a session',
      refuses: ['VISUALIZATION_NOT_FOUND'],
      legacy: { session_id: sessionRef, plots: z.object({}), message: text, data: z.null() },
      answers: {
        200: success({
          session_id: sessionRef,
          plots,
          combined_violin_plots: combined,
          metadata: anyObject,
          created_at: time.nullable(),
          n_dat: z.int().nullable(),
          message: text,
        }),
      },
    },
  },
};
