import type { Resource } from '../types';
import { datasets } from './datasets';
import { evaluation } from './evaluation';
import { files } from './files';
import { health } from './health';
import { models } from './models';
import { results } from './results';
import { scalers } from './scalers';
import { sessions } from './sessions';
import { timeConfig } from './timeConfig';
import { training } from './training';
import { uploads } from './uploads';

/** Every route of the API, described; in the order of the document. */
export const RESOURCES: readonly Resource[] = [
  sessions,
  uploads,
  files,
  timeConfig,
  datasets,
  training,
  results,
  models,
  evaluation,
  scalers,
  health,
];
