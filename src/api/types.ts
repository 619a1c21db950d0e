import { Router } from '@koa/router';
import type { RouterContext } from '@koa/router';
import type { Next } from 'koa';
import type { Config } from '../config';
import type { Logger } from '../log';
import type { Emit } from '../realtime/types';
import type { ActivePlan, Store, UserStore } from '../store';
import type { Workflows } from '../temporal';
import type { RecentStore } from './recentReads';

/** Dependencies of the HTTP edge, made once in server.ts. */
export interface Services {
  config: Config;
  log: Logger;
  store: Store;
  workflows: Workflows;
  emit: Emit;
  /** @throws ApiError INVALID_TOKEN, EXPIRED_TOKEN, AUTH_MISCONFIGURED, AUTH_UNAVAILABLE */
  verifyToken: VerifyToken;
}

/** `expiresAt`: seconds since 1970, as `exp` of the token. */
export type VerifyToken = (token: string) => Promise<{ userId: string; expiresAt: number }>;

export interface OwnSession {
  /** canonical UUID */
  id: string;
  stringId: string | null;
  /** as the caller sent it: `session_id` of answers */
  ref: string;
}

export interface OwnFile {
  id: string;
  sessionId: string;
}

export type Plan = ActivePlan;

/** ctx.state behind the guards; each guard adds its part. */
export interface State {
  requestId: string;
  log: Logger;
  /** 'POST /api/training/upload-chunk': method and path pattern of the matched route */
  route: string;
  user: { id: string; token: string };
  /** reads with the caller's JWT */
  mine: UserStore;
  /** the same, up to half a second old: for routes that clients poll */
  recent: RecentStore;
  /** set by subscription(), or where a route with lateSubscription() learns it */
  plan: Plan;
  /** set by validate(); read through input(ctx, schema) */
  input: unknown;
  session: OwnSession;
  file: OwnFile;
}

export type Context = RouterContext<State>;
export type Guard = (ctx: Context, next: Next) => Promise<void>;
export type ApiRouter = Router<State>;

/** Paths are case-sensitive (http-api A.1). */
export const createRouter = (): ApiRouter => new Router<State>({ sensitive: true });
