import { z } from 'zod';
import { maybeText, sessionRef, success, text } from '../shapes';
import type { Resource } from '../types';

// pairs of one type: an array of two says the same as a tuple, in words that more tools read
const pair = <Item extends z.ZodType>(item: Item) => z.array(item).length(2);
const range = pair(z.number());
const observed = pair(z.number().nullable());

const scaler = z
  .object({
    name: text,
    feature_range: range,
    data_min: z.number(),
    data_max: z.number(),
    data_range: z.number(),
    scale: z.number(),
    min: z.number().meta({ description: 'The shift: scaled = x·scale + min.' }),
    n_samples_seen: z.int(),
  })
  .meta({ id: 'Scaler' });
const side = z.record(z.string(), scaler.nullable()).meta({ description: 'By column index; null = column without scaler.' });

const scaling = z.union([
  z.object({ name: text, scaled: z.literal(true), original_range: observed, scaled_range: observed, feature_range: range }),
  z.object({ name: text, scaled: z.literal(false), reason: z.enum(['no_scaler', 'scaler_not_found']) }),
]);
const NUMBERS = { type: 'array', items: { type: ['number', 'string', 'null'] } };

export const scalers: Resource = {
  tag: 'Scalers',
  description: 'How the newest completed run scaled its columns.',
  routes: {
    'GET /api/training/scalers/:session_id': {
      summary: 'The scalers of the newest run',
      refuses: ['SCALER_NOT_FOUND'],
      answers: {
        200: success({
          session_id: sessionRef,
          scalers: z.object({
            input: side,
            output: side,
            metadata: z.object({
              input_features: z.int(),
              output_features: z.int(),
              input_features_scaled: z.int(),
              output_features_scaled: z.int(),
              input_feature_names: z.array(text),
              output_feature_names: z.array(text),
            }),
          }),
        }),
      },
    },
    'GET /api/training/scalers/:session_id/download': {
      summary: 'The scalers as an archive for Python',
      description: 'JSON parameters, pickles of scikit-learn scalers, and a few lines that load them.',
      refuses: ['SCALER_NOT_FOUND'],
      download: { contentType: 'application/zip', description: 'The archive', ranges: true },
    },
    'POST /api/training/scale-data/:session_id': {
      summary: "Scale one's own rows as the model's inputs",
      description: 'Rows in training order, or columns by name. Nothing is clipped, missing values stay missing.',
      body: {
        type: 'object',
        properties: {
          input_data: {
            anyOf: [
              { type: 'array', items: NUMBERS },
              { type: 'object', additionalProperties: NUMBERS },
            ],
          },
          save_scaled: { type: ['boolean', 'string', 'null'], description: 'Also as a CSV file, kept for 24 h.' },
        },
        required: ['input_data'],
      },
      refuses: ['SCALER_NOT_FOUND'],
      answers: {
        200: success({
          session_id: sessionRef,
          scaled_data: z.array(z.array(z.number().nullable())),
          scaling_info: z.record(z.string(), scaling),
          features: z.array(text),
          metadata: z.object({
            original_shape: pair(z.int()),
            scaled_shape: pair(z.int()),
            features_scaled: z.int(),
            total_features: z.int(),
            saved_file_path: maybeText,
            saved_file_url: maybeText,
          }),
        }),
      },
    },
  },
};
