import fs from 'node:fs';
import path from 'node:path';
import { scaleValue } from '../../src/domain/scaling';
import { TrainingCancelled, TrainingError, meanSquaredError, runTraining } from '../../src/training';
import type { ChildMessage, TrainingOutput, TrainingSpec } from '../../src/training';
import { BACKENDS, dense, LIMITS, ofType, readForecast, removeTemporaryFolders, specFor, storeDataset, temporaryFolder } from './support';
import type { TestDataset } from './support';

const never = new AbortController().signal;
jest.setTimeout(60_000);

let small: TestDataset;
beforeAll(() => {
  small = storeDataset(400);
});
afterAll(removeTemporaryFolders);

async function train(spec: TrainingSpec, signal = never): Promise<{ output: TrainingOutput; messages: ChildMessage[] }> {
  const messages: ChildMessage[] = [];
  const output = await runTraining(spec, { signal, onMessage: (message) => void messages.push(message) });
  return { output, messages };
}

/** Scaled truth of validation and test windows, in the layout of the forecast file. */
function truth({ dataset }: TestDataset, { nTrain, scalers }: TrainingOutput): Float64Array {
  const [column] = dataset.output.columns;
  const windows = Array.from({ length: dataset.windowCount - nTrain }, (_, i) => nTrain + i);
  return Float64Array.from(
    windows.flatMap((w) => Array.from({ length: column!.steps }, (_, k) => scaleValue(scalers.output['0'], column!.value(w, k)))),
  );
}

describe('a linear model', () => {
  it('finds the relation the data was made with and forecasts it exactly', async () => {
    const { output, messages } = await train(specFor(small, { kind: 'LIN' }));
    const forecast = readForecast(output);
    expect(forecast.length).toBe((output.nVal + output.nTest) * 12);
    expect(meanSquaredError(forecast, truth(small, output))).toBeLessThan(1e-20);
    expect(output.backend.name).toBe('none');
    expect(output.training).toMatchObject({ rank: [2] });
    expect(messages[0]).toMatchObject({ type: 'progress', stage: 'loading', fraction: 0 });
    expect(messages.at(-1)).toMatchObject({ type: 'done' });

    const [file] = output.models;
    expect(file!.filename).toBe('lin_default_20240131_120500.json');
    const model = JSON.parse(fs.readFileSync(file!.path, 'utf8')) as { outputs: { coefficients: number[] }[] };
    // scaled: y' = (y − ymin)·sy, so the coefficient of a' is 2·sy/sa and that of b' −0.5·sy/sb
    const sy = output.scalers.output['0']!.scale;
    const [sa, sb] = [output.scalers.input['0']!.scale, output.scalers.input['1']!.scale];
    expect(model.outputs[0]!.coefficients[0]).toBeCloseTo((2 * sy) / sa, 9);
    expect(model.outputs[0]!.coefficients[1]).toBeCloseTo((-0.5 * sy) / sb, 9);
  });
});

describe.each(BACKENDS)('a dense network on the %s back end', (backend) => {
  it('learns, reports every epoch and leaves its files', async () => {
    const { output, messages } = await train(specFor(small, dense(6), { backend }));
    const epochs = ofType(messages, 'epoch');
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(epochs[5]!.valLoss!).toBeLessThan(epochs[0]!.valLoss!);
    expect(output.training).toMatchObject({ epochs_run: 6, stopped_early: false });
    expect(output.backend.name).toBe(backend === 'native' ? 'tensorflow' : 'wasm');
    expect(ofType(messages, 'started')).toHaveLength(1);

    // the forecast belongs to the best epoch: its error is that epoch's validation loss
    const forecast = readForecast(output).subarray(0, output.nVal * 12);
    const error = meanSquaredError(forecast, truth(small, output).subarray(0, output.nVal * 12));
    expect(error).toBeCloseTo(Math.min(...epochs.map(({ valLoss }) => valLoss!)), 6);

    expect(output.models.map(({ filename, format }) => [filename, format])).toEqual([
      ['dense_default_20240131_120500.h5', 'h5'],
      ['dense_default_20240131_120500.keras', 'keras'],
      ['dense_default_20240131_120500.json', 'json'],
      ['dense_default_20240131_120500.bin', 'bin'],
    ]);
    for (const { path: file, sizeBytes } of output.models) expect(fs.statSync(file).size).toBe(sizeBytes);
    expect(JSON.parse(fs.readFileSync(path.join(path.dirname(output.forecastFile), 'training.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(output)),
    );
  });

  it('gives the same bytes when it is killed on the way and goes on from its checkpoint', async () => {
    const undisturbed = await train(specFor(small, dense(8), { backend }));
    const spec = specFor(small, dense(8), { backend });
    const resumeDir = temporaryFolder('resume');
    let resumedFrom = 0;
    let pid = 0;
    const killed = runTraining(spec, {
      signal: never,
      onMessage(message) {
        if (message.type === 'started') pid = message.pid;
        if (message.type !== 'checkpoint' || resumedFrom > 0 || message.epoch < 3) return;
        resumedFrom = message.epoch;
        fs.cpSync(message.dir, resumeDir, { recursive: true });
        process.kill(pid, 'SIGKILL');
      },
    });
    await expect(killed).rejects.toMatchObject({ name: 'TrainingError', code: 'CRASHED', retryable: true });

    const { output, messages } = await train({ ...spec, outDir: temporaryFolder('second'), resumeDir });
    expect(ofType(messages, 'epoch')[0]!.epoch).toBe(resumedFrom + 1);
    expect(Buffer.compare(fs.readFileSync(output.forecastFile), fs.readFileSync(undisturbed.output.forecastFile))).toBe(0);
    expect(output.training['history']).toEqual(undisturbed.output.training['history']);
    expect(output.models.at(-1)!.sha256).toBe(undisturbed.output.models.at(-1)!.sha256);
  });
});

describe('cancelling', () => {
  it('ends the child within a second in the middle of an epoch', async () => {
    const large = storeDataset(20_000);
    const controller = new AbortController();
    let pid = 0;
    const run = runTraining(specFor(large, dense(500, 256, 3)), {
      signal: controller.signal,
      onMessage(message) {
        if (message.type === 'started') pid = message.pid;
        if (message.type === 'progress' && message.stage === 'training' && message.fraction > 0) controller.abort();
      },
    });
    const aborted = new Promise<number>((resolve) => controller.signal.addEventListener('abort', () => resolve(performance.now())));
    await expect(run).rejects.toBeInstanceOf(TrainingCancelled);
    expect(performance.now() - (await aborted)).toBeLessThan(1000);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('starts nothing after an earlier cancel', async () => {
    await expect(
      runTraining(specFor(small, { kind: 'LIN' }), { signal: AbortSignal.abort(), onMessage: () => undefined }),
    ).rejects.toBeInstanceOf(TrainingCancelled);
  });
});

describe('a training that cannot succeed', () => {
  const failure = async (spec: TrainingSpec): Promise<TrainingError> => {
    const error: unknown = await runTraining(spec, { signal: never, onMessage: () => undefined }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TrainingError);
    return error as TrainingError;
  };

  it('refuses a network above the parameter limit with its size', async () => {
    // 24 inputs: (24+1)·16 + (16+1)·16 + (16+1)·12 = 876
    const error = await failure(specFor(small, dense(1), { limits: { ...LIMITS, maxModelParameters: 875 } }));
    expect(error).toMatchObject({ code: 'NOT_FEASIBLE', retryable: false });
    expect(error.context).toMatchObject({
      findings: [{ code: 'MODEL_TOO_LARGE', context: { parameters: 876, max_model_parameters: 875 } }],
    });
  });

  it('refuses a split without validation windows', async () => {
    const spec = specFor(small, dense(1));
    spec.settings.split = { ...spec.settings.split, trainPercentage: 90, valPercentage: 0 };
    const error = await failure(spec);
    expect(error.code).toBe('NOT_FEASIBLE');
    expect(error.context).toMatchObject({ findings: [{ code: 'SPLIT_TOO_FEW' }] });
  });

  it('says that the training diverged when no validation loss was finite', async () => {
    const spec = specFor(small, dense(5));
    const broken = storeDataset(400);
    const manifestFile = path.join(broken.dir, 'manifest.json');
    const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8')) as { columns: { side: string; scaleMax: number }[] };
    // a target range beyond float32: squares overflow at once
    for (const column of manifest.columns) if (column.side === 'output') column.scaleMax = 1e38;
    fs.writeFileSync(manifestFile, JSON.stringify(manifest));
    const error = await failure({ ...spec, datasetDir: broken.dir });
    expect(error).toMatchObject({ code: 'TRAINING_DIVERGED', retryable: false });
  });

  it('names the way to a missing back end', async () => {
    const spec = specFor(small, dense(1), { backend: 'native' });
    const error: unknown = await runTraining(spec, {
      signal: never,
      onMessage: () => undefined,
      env: { NODE_OPTIONS: `--require ${withoutAddon()}` },
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BACKEND_MISSING', retryable: false });
    expect((error as Error).message).toContain('npm run native:install');
  });

  it('falls back to WebAssembly when the choice is free', async () => {
    const messages: ChildMessage[] = [];
    await runTraining(specFor(small, dense(1)), {
      signal: never,
      onMessage: (message) => void messages.push(message),
      env: { NODE_OPTIONS: `--require ${withoutAddon()}` },
    });
    expect(ofType(messages, 'started')[0]!.backend.name).toBe('wasm');
  });

  it('tells a lack of memory from a crash', async () => {
    const spec = specFor(small, { kind: 'LIN' });
    const run = runTraining(spec, {
      signal: never,
      onMessage: () => undefined,
      env: { NODE_OPTIONS: `--require ${hungryModule()} --max-old-space-size=64` },
    });
    await expect(run).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', retryable: false });
  });
});

/** A module that makes the addon impossible to load, as on a machine where it was never linked. */
function withoutAddon(): string {
  const file = path.join(temporaryFolder('preload'), 'preload.cjs');
  fs.writeFileSync(file, "process.dlopen = () => { throw new Error('libtensorflow_cc.so.2: cannot open shared object file'); };");
  return file;
}

/** A module that fills the heap as soon as the process runs. */
function hungryModule(): string {
  const file = path.join(temporaryFolder('preload'), 'hungry.cjs');
  fs.writeFileSync(file, 'const kept = []; for (;;) kept.push(new Array(10_000).fill({}).map(() => ({})));');
  return file;
}
