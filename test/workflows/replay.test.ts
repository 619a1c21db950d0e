import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { history, RECORDED } from './histories';

// the refusal of the changed history is expected: no need to see it
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });

let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  workflowBundle = await bundleWorkflowCode({ workflowsPath: require.resolve('../../src/workflows'), logger: new DefaultLogger('ERROR') });
}, 120_000);

describe('a workflow that was running when the code changed', () => {
  it.each(RECORDED)('goes on as it began: %s', async (name) => {
    await expect(Worker.runReplayHistory({ workflowBundle }, await history(name), name)).resolves.toBeUndefined();
  });

  it('is told apart from one that would take another way', async () => {
    const recorded = JSON.stringify(await history('trainModels')).replaceAll('evaluateModel', 'judgeModel');
    await expect(Worker.runReplayHistory({ workflowBundle }, JSON.parse(recorded), 'changed')).rejects.toThrow(/\[TMPRL1100\]/);
  });
});
