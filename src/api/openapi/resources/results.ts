import { resultsAnswer } from './resultShapes';
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
  },
};
