import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { TemporalFailure } from '@temporalio/common';
import { toFailure } from '../activities/failures';
import { PipelineError } from '../domain/findings';
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
      const failure = toFailure(error);
      const { activityType, attempt, workflowExecution } = this.context.info;
      const facts = { activityType, attempt, workflowId: workflowExecution?.workflowId };
      // findings speak of the user's files: only their codes are logged
      if (error instanceof PipelineError) this.log.info({ ...facts, codes: error.findings.map(({ code }) => code) }, 'an activity refused');
      else if (!(error instanceof TemporalFailure)) this.log.warn({ ...facts, err: error }, 'an activity failed');
      throw failure;
    }
  }
}
