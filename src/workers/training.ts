/** Process entry: training activities only, queue `training`, one per slot. */
import { createTrainingActivities } from '../activities/training';
import { TRAINING_QUEUE } from '../workflows/queues';
import { runEntry, runWorkerProcess } from './bootstrap';

runEntry('training', () =>
  runWorkerProcess('training', (services) => {
    services.log.info(
      { backend: services.config.TRAINING_BACKEND, slots: services.config.TRAINING_SLOTS },
      'back end asked for; each training says which one it got',
    );
    return {
      taskQueue: TRAINING_QUEUE,
      activities: createTrainingActivities(services),
      maxConcurrentActivityTaskExecutions: services.config.TRAINING_SLOTS,
      shutdownGraceTime: '12s', // a stop is heard at once; this is for storing the checkpoint
      shutdownForceTime: '15s',
    };
  }),
);
