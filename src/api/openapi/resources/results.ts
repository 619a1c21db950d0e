import { z } from 'zod';
import { resultsAnswer } from './resultShapes';
import { maybeInt, rowsOrWindows, sessionRef, success, text } from '../shapes';
import type { Description, Resource } from '../types';

const list: Description = {
  summary: 'Results of the completed trainings, newest first',
  description:
    'Without a completed run: the newest failed one. With `include=arrays` one run is answered with its arrays, written as a stream.',
  query: {
    include: { description: '`arrays`: the windows and forecasts too.', schema: { type: 'string', enum: ['arrays'] } },
    sets: { description: 'Which arrays: train, val, test, comma separated; default all.', schema: { type: 'string', example: 'val,test' } },
    model_id: { description: '`id` of one run.', schema: { type: 'string', format: 'uuid' } },
  },
  refuses: ['BAD_UUID', 'RESULTS_NOT_FOUND'],
  answers: { 200: resultsAnswer },
};

export const results: Resource = {
  tag: 'Results',
  description: 'What the trainings found.',
  routes: {
    'GET /api/training/results/:session_id': list,
    'GET /api/training/get-training-results/:session_id': { ...list, summary: 'Older name of /results' },
    'GET /api/training/results-summary/:session_id': {
      summary: 'What a session has by now',
      answers: {
        200: success({
          session_id: sessionRef,
          n_dat: maybeInt,
          n_dat_source: rowsOrWindows.nullable(),
          workflow_phase: text,
          has_training_results: z.boolean(),
          has_trained_model: z.boolean(),
          model_count: z.int(),
          has_violin_plots: z.boolean(),
          violin_plot_types: z.array(text),
        }),
      },
    },
    'GET /api/training/plot-variables/:session_id': {
      summary: 'The columns that can be plotted',
      description: 'Of the newest completed run, else of the files and the switched-on time features.',
      answers: {
        200: success({
          session_id: sessionRef,
          input_variables: z.array(text),
          output_variables: z.array(text),
          time_components: z.array(text),
        }),
      },
    },
    'GET /api/training/download-arrays/:session_id': {
      summary: 'The windows of the dataset as .npz',
      description: '`i_array_3D`, `o_array_3D` and `utc_ref_log`, for `numpy.load` without pickles; generated while it is sent.',
      refuses: ['RESULTS_NOT_FOUND'],
      download: { contentType: 'application/octet-stream', description: 'training_arrays.npz', ranges: true },
    },
  },
};
