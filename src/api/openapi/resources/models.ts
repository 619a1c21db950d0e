import { z } from 'zod';
import { maybeText, sessionRef, success, text, time, uuid } from '../shapes';
import type { Resource } from '../types';

const format = z.enum(['h5', 'keras', 'json', 'bin', 'save']);

const model = z
  .object({
    filename: text,
    model_type: maybeText,
    dataset_name: maybeText,
    format,
    storage_path: text,
    file_size_mb: z.number(),
    modified_time: time,
    sha256: text,
    run_id: uuid,
  })
  .meta({ id: 'ModelFile' });

export const models: Resource = {
  tag: 'Models',
  description: 'Files of the trained models.',
  routes: {
    'GET /api/training/list-models-database/:session_id': {
      summary: 'The model files of a session, newest first',
      answers: { 200: success({ data: z.object({ models: z.array(model), count: z.int() }), session_id: sessionRef }) },
    },
    'POST /api/training/save-model/:session_id': {
      summary: 'Make sure of the stored models of the newest run',
      description: 'They are stored when a run ends; this reads them and compares their hashes.',
      refuses: ['RESULTS_NOT_FOUND', 'MODEL_NOT_FOUND', 'MODEL_SAVE_ERROR'],
      legacy: { message: text },
      answers: {
        200: success({
          message: text,
          models: z.array(
            z.object({
              dataset_name: maybeText,
              model_type: maybeText,
              filename: text,
              storage_path: text,
              size_mb: z.number(),
              path_in_results: maybeText,
              file_format: format,
            }),
          ),
          total_uploaded: z.int(),
          session_id: sessionRef,
          failed_models: z.array(z.object({ filename: text, error: text })).optional(),
          total_failed: z.int().optional(),
        }),
      },
    },
    'GET /api/training/download-model-h5/:session_id': {
      summary: 'Download a model file',
      description: 'Networks are HDF5 files that Keras reads; LIN and SVR are JSON parameter files.',
      query: { filename: { description: 'Of the list; default the newest model.', schema: { type: 'string', maxLength: 255 } } },
      refuses: ['INVALID_MODEL_FILENAME', 'MODEL_NOT_FOUND'],
      download: { contentType: 'application/octet-stream', description: 'The file', ranges: true },
    },
    'POST /api/training/predict/:session_id': {
      summary: 'Forecast with a stored model',
      description:
        'One window `number[eingabe][features]`, up to 1000 of them, or one by name `{<feature>: number[eingabe]}`. With `apply_scaling` inputs ' +
        'and predictions are in original units, without it both are scaled.',
      body: {
        type: 'object',
        properties: {
          input_data: {
            anyOf: [
              { type: 'array', items: { type: 'array' } },
              { type: 'object', additionalProperties: { type: 'array' } },
            ],
          },
          model_filename: { type: 'string', maxLength: 255, description: 'Any file of the list; default the newest model.' },
          apply_scaling: { type: 'boolean', default: true },
        },
      },
      needs: ['input_data'],
      refuses: ['MISSING_PREDICTION_INPUT', 'MODEL_NOT_FOUND', 'SCALER_NOT_FOUND', 'PREDICTION_ERROR'],
      answers: {
        200: success({
          session_id: sessionRef,
          predictions: z
            .array(z.array(z.array(z.number().nullable())))
            .meta({ description: 'Windows × steps × outputs, also for one window.' }),
          output_features: z.array(text),
          model_used: text,
          timestamp: time,
          input_count: z.int(),
          scaling_applied: z.boolean(),
        }),
      },
    },
  },
};
