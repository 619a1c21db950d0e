export { cancelActiveJob, closeAsCancelled } from './cancel';
export type { CancelOutcome } from './cancel';
export { jobInProgress, launch, launchLost, resumeQueuedJobs, startNewJob } from './launch';
export type { StartedJob } from './launch';
export { chooseJob, isActive, jobStatus, wasLost } from './status';
export type { JobView } from './status';
