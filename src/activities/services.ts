import type { Config } from '../config';
import type { Logger } from '../log';
import type { Emit, Pacer } from '../realtime';
import type { Store } from '../store';
import type { Workflows } from '../temporal';
import type { ComputePool } from './compute';
import type { WorkFolders } from '../workFolders';

/** What activities are given; made once per worker process. */
export interface ActivityServices {
  config: Config;
  log: Logger;
  store: Store;
  emit: Emit;
  pacer: Pacer;
  compute: ComputePool;
  folders: WorkFolders;
  workflows: Workflows;
  /** aborted as soon as the process is asked to stop, before Temporal's grace time begins to run */
  stopping: AbortSignal;
}
