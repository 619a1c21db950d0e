import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { TemporalFailure } from '@temporalio/common';
import { toFailure } from '../activities/failures';
import type { Logger } from '../log';

/** Turns whatever an activity throws into a failure of the catalogue; what users and histories do not get to see goes to the log. */
export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  constructor(
    private readonly context: Context,
    private readonly log: Logger,
  ) {}

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      const { activityType, attempt, workflowExecution } = this.context.info;
      if (!(error instanceof TemporalFailure)) {
        this.log.warn({ activityType, attempt, workflowId: workflowExecution?.workflowId, err: error }, 'an activity failed');
      }
      throw toFailure(error);
    }
  }
}
