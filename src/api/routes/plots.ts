import { z } from 'zod';
import { parseTestSetPlot, testSetPlotSyntax } from '../../domain/settings';
import { fromFindings } from '../findings';
import { parseUuid } from '../http/ids';
import { input, ownSession, requestSchema, validate } from '../middleware';
import { completedRun, createTestSetRenderer, openRun, plotColumns, testedDocument } from '../plots';
import { testSetBody } from '../presenters/plots';
import type { ApiRouter, Guard, Services } from '../types';
import { createRouter } from '../types';

const GeneratePlot = requestSchema({
  body: z.object({
    plot_settings: z.unknown().optional(),
    df_plot_in: z.unknown().optional(),
    df_plot_out: z.unknown().optional(),
    df_plot_fcst: z.unknown().optional(),
    model_id: z
      .unknown()
      .optional()
      .transform((sent, issues): string | null => {
        if (sent === undefined || sent === null || sent === '') return null;
        const id = parseUuid(sent);
        if (id === null) issues.addIssue({ code: 'custom', message: 'Invalid model_id', params: { code: 'BAD_UUID' } });
        return id;
      }),
  }),
  bodyOptional: true, // the session's id is what is missed first
});

export function plotRoutes(services: Services): ApiRouter {
  const router = createRouter();
  const render = createTestSetRenderer();

  const owned = ownSession({ missing: 'Session ID is required' });
  router.post('/generate-plot', validate(GeneratePlot, services.config), readableSettings, owned, async (ctx) => {
    const { session, mine } = ctx.state;
    const { model_id: modelId, ...request } = input(ctx, GeneratePlot).body;
    const run = await completedRun(mine, session.id, modelId); // 404
    const { settings, findings } = parseTestSetPlot(request, plotColumns(run));
    if (!settings) throw fromFindings(findings); // 400
    const stored = openRun(services, run, await testedDocument(services, run)); // 400, 503
    const plot = await render(stored, settings); // 500, 503
    await services.store.service.plotMade(session.id);
    ctx.body = testSetBody(session, plot);
  });

  return router;
}

/** Values that no run could make right come before session and run (http-api A.2); the names of columns need the run. */
const readableSettings: Guard = async (ctx, next) => {
  const findings = testSetPlotSyntax(input(ctx, GeneratePlot).body);
  if (findings.length > 0) throw fromFindings(findings);
  await next();
};
