import type { Config } from '../config';
import type { Logger } from '../log';
import type { Emit } from '../realtime/types';
import type { Store, UserStore } from '../store';
import type { Workflows } from '../temporal';

/** Dependencies of the HTTP edge, made once in server.ts. */
export interface Services {
  config: Config;
  log: Logger;
  store: Store;
  workflows: Workflows;
  emit: Emit;
  verifyToken: (token: string) => Promise<{ userId: string; expiresAt: number }>;
}

export interface OwnSession {
  /** canonical UUID */
  id: string;
  stringId: string | null;
  /** as the caller sent it: `session_id` of answers */
  ref: string;
}

/** ctx.state behind the guards; each guard adds its part. */
export interface State {
  requestId: string;
  log: Logger;
  user: { id: string; token: string };
  /** reads with the caller's JWT */
  mine: UserStore;
  session: OwnSession;
}
