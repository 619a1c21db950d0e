import { describeFailure } from './failures';
import { isTerminal, jobLife, uncancelled } from './jobLife';
import type { JobState, TrainingJob } from './messages';
import { finish, opening, prepare } from './proxies';
import { trainInTurn } from './trainingTurn';

/** Trains one model and evaluates it. The row stays `queued` until the training worker takes the run, so that the queue position is true. */
export async function trainModelsWorkflow(job: TrainingJob): Promise<JobState> {
  const { settings, files, training, contentHash } = job;
  const life = jobLife(job);

  const { run, status } = await uncancelled(() => opening.openRun({ job })); // binds the queued row to this execution
  if (isTerminal(status)) return life.is({ runId: run.runId, phase: 'queued', status });
  life.is({ runId: run.runId, phase: 'queued', status });

  try {
    const outcome = await life.work.run(async () => {
      const dataset = await prepare.ensureDataset({ run, contentHash, settings, files });
      const model = await trainInTurn(run.userId, { run, dataset, settings, training }); // queue "training": one slot per device
      life.reached('evaluation');
      const evaluation = await prepare.evaluateModel({ run, dataset, files, settings, training, model });
      life.reached('persisting');
      return { dataset, model, evaluation };
    });
    return life.is(await uncancelled(() => finish.completeTraining({ run, ...outcome })));
  } catch (error) {
    return life.is(
      await uncancelled(() =>
        life.wasCancelled(error) ? finish.cancelRun({ run }) : finish.failRun({ run, failure: describeFailure(error) }),
      ),
    );
  }
}
