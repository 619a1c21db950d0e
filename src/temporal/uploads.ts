import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import {
  ApplicationFailure,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { assembleUpdateId, uploadWorkflowId } from '../workflows/ids';
import type { AssembledFile, FinalizedSession, FinalizeRequest, UploadRef, UploadSession } from '../workflows/messages';
import { assembleFile, finalizeSession } from '../workflows/messages';
import { PIPELINE_QUEUE } from '../workflows/queues';
import { unavailable, WorkflowUnavailable } from './errors';
import { ofSession } from './searchAttributes';
import { createSlots } from './slots';

// The server refuses more than 10 updates in flight per workflow; two are left for other API processes and finalize.
const IN_FLIGHT_PER_SESSION = 8;
// Long enough for 2 GiB; an assembly that outlives it goes on in the workflow and is only no longer watched from here.
const WATCH_MS = 15 * 60_000;
const FINALIZE_MS = 30_000;
// The workflow may complete (idle) or continue as new between the server's look-up and the delivery of an update.
const LOST_RACE_TRIES = 3;
const LOST_RACE_PAUSE_MS = 200;
/** Type of the failure an accepted update gets when its workflow ends first. */
const LOST_RACE = 'AcceptedUpdateCompletedWorkflow';

type UploadWorkflow = (session: UploadSession) => Promise<void>;

/** Updates of the sessions' upload workflows, which their first update starts. */
export interface UploadUpdates {
  assemble(ref: UploadRef, ms: number): Promise<AssembledFile | null>;
  finalize(request: FinalizeRequest): Promise<FinalizedSession>;
}

export function createUploadUpdates(client: Client): UploadUpdates {
  const slots = createSlots(IN_FLIGHT_PER_SESSION);
  /** assemblies this process watches, by update id: repeated requests for one set share them */
  const watched = new Map<string, Promise<AssembledFile | null>>();

  const start = ({ sessionId, sessionRef, userId }: UploadSession & { sessionRef: string }): WithStartWorkflowOperation<UploadWorkflow> =>
    new WithStartWorkflowOperation<UploadWorkflow>('uploadSessionWorkflow', {
      workflowId: uploadWorkflowId(sessionId),
      taskQueue: PIPELINE_QUEUE,
      args: [{ sessionId, userId }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes: ofSession({ sessionId, userId }),
      memo: { session: sessionRef },
      staticSummary: `Uploads: ${sessionRef.slice(0, 64)}`,
    });

  /** null = not finished within `ms` */
  const update = async <T>(operation: string, ms: number, run: () => Promise<T>): Promise<T | null> => {
    const deadline = Date.now() + ms;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await client.connection.withDeadline(deadline, run);
      } catch (error) {
        if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return null;
        if (lostRace(error) && attempt < LOST_RACE_TRIES) {
          await sleep(LOST_RACE_PAUSE_MS);
          continue;
        }
        throw (!lostRace(error) && refusal(error)) || unavailable(operation, error);
      }
    }
  };

  const watchAssembly = (ref: UploadRef, updateId: string): Promise<AssembledFile | null> => {
    const known = watched.get(updateId);
    if (known) return known;
    const assembly = slots
      .take(ref.sessionId, () =>
        update('assemble', WATCH_MS, () =>
          client.workflow.executeUpdateWithStart(assembleFile, { args: [ref], updateId, startWorkflowOperation: start(ref) }),
        ),
      )
      .finally(() => watched.delete(updateId));
    assembly.catch(() => undefined); // each caller awaits it below, or has stopped waiting
    watched.set(updateId, assembly);
    return assembly;
  };

  return {
    assemble: (ref, ms) => Promise.race([watchAssembly(ref, assembleUpdateId(ref)), sleep(ms, null, { ref: false })]),

    finalize: async (request) => {
      const done = await slots.take(request.sessionId, () =>
        update('finalize', FINALIZE_MS, () =>
          client.workflow.executeUpdateWithStart(finalizeSession, { args: [request], startWorkflowOperation: start(request) }),
        ),
      );
      if (!done) throw new WorkflowUnavailable('The upload workflow did not answer in time');
      return done;
    },
  };
}

const lostRace = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError ||
  (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === LOST_RACE);

/** The ApplicationFailure with which the workflow refused the update; null when it did not answer at all. */
function refusal(error: unknown): ApplicationFailure | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  let cause: unknown = error.cause;
  while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
  return cause instanceof ApplicationFailure ? cause : null;
}
