/** Process entry: training activities only, queue `training`, one at a time. */
import { createTrainingActivities } from '../activities/training';
import { TRAINING_QUEUE } from '../workflows/queues';
import { runEntry, runWorkerProcess } from './bootstrap';

runEntry('training', () =>
  runWorkerProcess('training', (services) => {
    services.log.info({ backend: services.config.TRAINING_BACKEND }, 'back end asked for; each training says which one it got');
    return {
      taskQueue: TRAINING_QUEUE,
      activities: createTrainingActivities(services),
      maxConcurrentActivityTaskExecutions: 1, // one slot per device
      shutdownGraceTime: '3s', // a stop is heard at once; this is for storing what is done
      shutdownForceTime: '15s',
    };
  }),
);
