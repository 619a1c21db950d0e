import { z } from 'zod';
import { CONFIG_CODES, readTimeInfo, readZeitschritte, requiredDraft, TIME_INFO_SHAPE, ZEITSCHRITTE_SHAPE } from '../drafts';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { timeInfoRow, zeitschritteRow } from '../presenters/timeConfig';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

const NO_TIME_INFO = 'Missing sessionId or timeInfo';
const NO_ZEITSCHRITTE = 'Missing sessionId or zeitschritte';

const SaveTimeInfo = requestSchema({
  body: z.object({ timeInfo: requiredDraft(readTimeInfo, NO_TIME_INFO, TIME_INFO_SHAPE) }),
  codes: { timeInfo: CONFIG_CODES.timeInfo },
});
const SaveZeitschritte = requestSchema({
  body: z.object({ zeitschritte: requiredDraft(readZeitschritte, NO_ZEITSCHRITTE, ZEITSCHRITTE_SHAPE) }),
  codes: { zeitschritte: CONFIG_CODES.zeitschritte },
});

/** Both save routes replace the whole row, safe under auto-save every 500 ms; drafts are accepted (http-api B.7). */
export function timeConfigRoutes({ config }: Services): ApiRouter {
  const router = createRouter();

  router.post('/save-time-info', validate(SaveTimeInfo, config), ownSession({ missing: NO_TIME_INFO }), async (ctx) => {
    await ctx.state.mine.saveTimeInfo(ctx.state.session.id, input(ctx, SaveTimeInfo).body.timeInfo);
    ctx.body = { success: true, message: 'Time info saved successfully', data: null };
  });

  router.post('/save-zeitschritte', validate(SaveZeitschritte, config), ownSession({ missing: NO_ZEITSCHRITTE }), async (ctx) => {
    await ctx.state.mine.saveZeitschritte(ctx.state.session.id, input(ctx, SaveZeitschritte).body.zeitschritte);
    ctx.body = { success: true, message: 'Zeitschritte saved successfully', data: null };
  });

  router.get('/get-time-info/:session_id', ownSession(), async (ctx) => {
    const row = await ctx.state.mine.timeInfo(ctx.state.session.id);
    ctx.body = row
      ? { success: true, data: timeInfoRow(row) }
      : { success: true, data: {}, message: 'No time info saved for this session' };
  });

  router.get('/get-zeitschritte/:session_id', ownSession(), async (ctx) => {
    const row = await ctx.state.mine.zeitschritte(ctx.state.session.id);
    ctx.body = row
      ? { success: true, data: zeitschritteRow(row) }
      : { success: true, data: {}, message: 'No zeitschritte saved for this session' };
  });

  return router;
}
