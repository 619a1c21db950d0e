import { timeFeatureNames } from '../../domain/calendar';
import type { TimeGroup } from '../../domain/settings/types';
import type { ResultRow, TimeInfoRow, UserStore } from '../../store';
import { ownSession } from '../middleware';
import type { ApiRouter } from '../types';
import { createRouter } from '../types';

interface PlotVariables {
  input_variables: string[];
  output_variables: string[];
  time_components: string[];
}

/** What can be chosen for a plot: of the newest completed run, else of what the session holds (http-api route 29). */
export function plotVariableRoutes(): ApiRouter {
  const router = createRouter();

  router.get('/plot-variables/:session_id', ownSession(), async (ctx) => {
    const { mine, session } = ctx.state;
    const [run] = await mine.results(session.id, { status: 'completed', limit: 1 });
    const variables = run ? ofRun(run) : await ofSession(mine, session.id);
    ctx.body = { success: true, session_id: session.ref, ...variables };
  });

  return router;
}

/** Flags of `timeInfo` in column order. */
const GROUPS: readonly [flag: 'jahr' | 'monat' | 'woche' | 'tag' | 'feiertag', group: TimeGroup][] = [
  ['jahr', 'Y'],
  ['monat', 'M'],
  ['woche', 'W'],
  ['tag', 'D'],
  ['feiertag', 'H'],
];
const TIME_COLUMNS: readonly string[] = GROUPS.flatMap(([, group]) => timeFeatureNames(group));

/** Time columns stand behind the series, in their fixed order; a series of such a name in front of them stays one. */
export function ofRun({ input_features, output_features }: Pick<ResultRow, 'input_features' | 'output_features'>): PlotVariables {
  const inputs = input_features ?? [];
  let first = inputs.length;
  for (let next = TIME_COLUMNS.length; first > 0; first -= 1) {
    const place = TIME_COLUMNS.lastIndexOf(inputs[first - 1] ?? '', next - 1);
    if (next === 0 || place < 0) break;
    next = place;
  }
  return { input_variables: inputs.slice(0, first), output_variables: output_features ?? [], time_components: inputs.slice(first) };
}

async function ofSession(mine: UserStore, sessionId: string): Promise<PlotVariables> {
  const [files, timeInfo] = await Promise.all([mine.files(sessionId), mine.timeInfo(sessionId)]);
  const labels = (type: 'input' | 'output'): string[] => files.filter((file) => file.type === type).map(({ bezeichnung }) => bezeichnung);
  return { input_variables: labels('input'), output_variables: labels('output'), time_components: switchedOn(timeInfo) };
}

const switchedOn = (timeInfo: TimeInfoRow | null): string[] =>
  GROUPS.flatMap(([flag, group]) => (timeInfo?.[flag] ? timeFeatureNames(group) : []));
