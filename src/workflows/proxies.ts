/** How activities are called: timeouts, heartbeats and retries in one place. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { CleanupActivities, FinishActivities, PrepareActivities, TrainingActivities, UploadActivities } from '../activities/types';
import { TRAINING_QUEUE } from './queues';

// A lost worker is noticed after this; cancellation does not wait for it, heartbeats are sent every 0.5 s.
const HEARTBEAT_TIMEOUT = '10s';
// Together about 10 minutes of trying: a restarting database or storage is bridged, a broken one ends the job with a reason.
const MAX_ATTEMPTS = 15;

const backOff = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' } as const;
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

const work: ActivityOptions = {
  startToCloseTimeout: '2h',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { ...backOff, maximumAttempts: MAX_ATTEMPTS },
  cancellationType,
};

export const prepare = proxyActivities<PrepareActivities>(work);

/** The beginning of a run is one call to the database and is tried until it is back. */
export const opening = proxyActivities<PrepareActivities>({
  startToCloseTimeout: '30s',
  retry: { ...backOff, maximumInterval: '10s' },
});

// Temporal's priorities are 1 (first) to 5, 3 by default: first trainings of users, second ones, all others.
const FIRST_PRIORITY = 3;
const LAST_PRIORITY = 5;
const TURN_REVIEW = '2 minutes';

/**
 * A user's first training waits in its queue as long as it must; the others come back from there after a while, to be ranked anew.
 * Among those of one rank users take turns, whoever queued more: the fairness key is the user.
 * @param ahead earlier trainings of the same user that are not over
 */
export const gpu = (userId: string, ahead: number): TrainingActivities =>
  proxyActivities<TrainingActivities>({
    taskQueue: TRAINING_QUEUE,
    startToCloseTimeout: '7 days',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { ...backOff, maximumAttempts: MAX_ATTEMPTS },
    cancellationType,
    ...(ahead > 0 && { scheduleToStartTimeout: TURN_REVIEW }),
    priority: { priorityKey: Math.min(FIRST_PRIORITY + ahead, LAST_PRIORITY), fairnessKey: userId },
  });

/** The end of a run must be stored: tried until the database is back. */
export const finish = proxyActivities<FinishActivities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { ...backOff, maximumInterval: '30s' },
});

export const uploads = proxyActivities<UploadActivities>({
  startToCloseTimeout: '1h', // 2 GiB from a slow store
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { ...backOff, initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: 40 },
  cancellationType,
});

/** A step that fails is left to the next sweep. */
export const cleanup = proxyActivities<CleanupActivities>({
  startToCloseTimeout: '20m',
  heartbeatTimeout: '30s',
  retry: { ...backOff, maximumAttempts: 3 },
});
