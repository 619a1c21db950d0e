import type { SavedModelRow } from '../../store';

/** The file of the newest model: of a network its .h5, of any other kind its only file. */
export function newestModel(newestFirst: readonly SavedModelRow[]): SavedModelRow | undefined {
  const [newest] = newestFirst;
  const sameRun = newestFirst.filter(({ run_id: runId }) => runId === newest?.run_id);
  return sameRun.find(({ format }) => format === 'h5') ?? newest;
}
