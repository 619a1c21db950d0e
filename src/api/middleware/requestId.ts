import { randomUUID } from 'node:crypto';
import type { Logger } from '../../log';
import type { Guard } from '../types';

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** Gives every request an id (the caller's, when it has the accepted form) and a log that carries it. */
export function requestId(log: Logger): Guard {
  return async (ctx, next) => {
    const sent = ctx.get('X-Request-Id');
    ctx.state.requestId = ACCEPTED.test(sent) ? sent : randomUUID();
    ctx.state.log = log.child({ requestId: ctx.state.requestId });
    ctx.set('X-Request-Id', ctx.state.requestId);
    ctx.set('Cache-Control', 'no-store'); // every JSON answer; downloads set their own
    await next();
  };
}
