import { z } from 'zod';
import { anyObject, finding, image, maybeText, sessionRef, success, text, time } from '../shapes';
import type { JsonSchema } from '../jsonSchema';
import type { Resource } from '../types';

const plots = z.record(z.string(), z.object({ data: image, type: maybeText, label: maybeText }));
const SELECTION: JsonSchema = { type: 'object', additionalProperties: { type: 'boolean' }, description: 'Column names to be drawn.' };
const PLOT_BODY: JsonSchema = {
  type: 'object',
  properties: {
    plot_settings: {
      type: 'object',
      properties: {
        num_sbpl: {
          type: 'integer',
          minimum: 1,
          maximum: 100,
          default: 17,
          description: 'Subplots; fewer when there are fewer test windows.',
        },
        x_sbpl: { type: 'string', enum: ['UTC', 'ts'], default: 'UTC' },
        y_sbpl_fmt: { type: 'string', enum: ['original', 'skaliert'], default: 'original' },
        y_sbpl_set: { type: 'string', enum: ['gemeinsame Achse', 'separate Achsen'], default: 'separate Achsen' },
        seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295, description: 'The same seed gives the same picture.' },
        format: { type: 'string', enum: ['png', 'svg'], default: 'png' },
      },
    },
    df_plot_in: SELECTION,
    df_plot_out: SELECTION,
    df_plot_fcst: SELECTION,
    model_id: { type: 'string', format: 'uuid', description: '`id` of a result; default the newest completed run.' },
  },
};

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
    'POST /api/training/generate-plot': {
      summary: 'Draw test windows of a run with its stored forecasts',
      description: 'The first plot of a trained session sets its phase to `completed`.',
      body: PLOT_BODY,
      refuses: ['BAD_UUID', 'INVALID_PLOT_PARAMS', 'RESULTS_NOT_FOUND', 'PLOT_GENERATION_ERROR'],
      legacy: { data: z.null() },
      answers: {
        200: success({
          session_id: sessionRef,
          plot_data: image,
          message: text,
          seed: z.int(),
          samples: z.array(time).meta({ description: 'Reference times, in the order of the subplots.' }),
        }),
      },
    },
  },
};
