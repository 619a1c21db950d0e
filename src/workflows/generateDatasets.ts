import { describeFailure } from './failures';
import { isTerminal, jobLife, uncancelled } from './jobLife';
import type { DatasetJob, JobState } from './messages';
import { finish, opening, prepare } from './proxies';

/** Builds the session's dataset and draws the distributions of its columns. */
export async function generateDatasetsWorkflow(job: DatasetJob): Promise<JobState> {
  const { settings, files, contentHash } = job;
  const life = jobLife(job);

  const { run, status } = await uncancelled(() => opening.openRun({ job })); // binds the queued row to this execution
  if (isTerminal(status)) return life.is({ runId: run.runId, phase: 'queued', status });

  try {
    life.reached('loading');
    const dataset = await life.work.run(async () => {
      const built = await prepare.ensureDataset({ run, contentHash, settings, files });
      life.reached('dataset');
      await prepare.renderViolins({ run, dataset: built, files });
      life.reached('persisting');
      return built;
    });
    return life.is(await uncancelled(() => finish.completeDataset({ run, dataset })));
  } catch (error) {
    return life.is(
      await uncancelled(() =>
        life.wasCancelled(error) ? finish.cancelRun({ run }) : finish.failRun({ run, failure: describeFailure(error) }),
      ),
    );
  }
}
