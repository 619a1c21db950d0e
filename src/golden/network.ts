import { copyScaled } from '../domain/scaling';
import type { ModelSettings } from '../domain/settings';
import {
  ADAM,
  BATCH_SIZE,
  arraySamples,
  atTheBeginning,
  describeNetwork,
  evaluate,
  fitNetwork,
  openBackend,
  parameterCount,
} from '../training';
import type { BackendChoice, FitPlan, HeldOutWindows, History, Network, TrainableNetwork } from '../training';
import type { Checks } from './checks';
import type { PreparedData } from './dataset';
import { flatten } from './nested';
import { TOLERANCE } from './tolerances';
import type { Tolerance } from './tolerances';
import type { ExpectedNetwork, NetworkArrayName, Tensor } from './types';

type Part = keyof PreparedData['parts'];

/** Trains from the given first weights in the given order of batches and compares what can be seen on the way. */
export async function trainNetwork(
  checks: Checks,
  data: PreparedData,
  expected: ExpectedNetwork,
  choice: BackendChoice,
): Promise<{ validation: Float64Array; test: Float64Array }> {
  const arrays = { train: scaledPart(data, 'train'), validation: scaledPart(data, 'validation'), test: scaledPart(data, 'test') };
  compareArrays(checks, arrays, expected);
  const { input, output } = data.dataset;
  const shape = {
    inputSteps: input.steps,
    inputFeatures: input.columns.length,
    outputSteps: output.steps,
    outputFeatures: output.columns.length,
  };
  const network = describeNetwork(data.training.model, shape);
  compareSetup(checks, network, expected);
  if (!expected.initial_weights) throw new Error('a network case needs initial_weights');
  const first = expected.initial_weights.map(({ values }) => Float32Array.from(flatten(values)));

  const backend = await openBackend(choice);
  const { inputs, outputs } = arrays.train;
  const inputSize = input.steps * input.columns.length;
  const trainable = backend.create(network, first, arraySamples(inputs, inputSize, outputs, output.steps * output.columns.length));
  try {
    await train(checks, trainable, network, data.training.model, arrays, expected);
    const forecast = ({ inputs: x, count }: HeldOutWindows) => Float64Array.from(trainable.predict(x, count));
    return { validation: forecast(arrays.validation), test: forecast(arrays.test) };
  } finally {
    trainable.dispose();
  }
}

/** Leaves the weights of the best epoch in the network. */
async function train(
  checks: Checks,
  trainable: TrainableNetwork,
  network: Network,
  model: ModelSettings,
  arrays: Record<Part, HeldOutWindows>,
  expected: ExpectedNetwork,
): Promise<void> {
  const compareWeights = (name: string, wanted: Tensor[] | undefined, tolerance: Tolerance) => {
    if (wanted) compareTensors(checks, name, network, trainable.readWeights(), wanted, tolerance);
  };
  if (expected.initial_train_loss_and_rmse) {
    const loss = evaluate(trainable, arrays.train);
    checks.close('initial_train_loss', loss, expected.initial_train_loss_and_rmse[0], TOLERANCE.firstBatch);
    checks.close('initial_train_rmse', Math.sqrt(loss), expected.initial_train_loss_and_rmse[1], TOLERANCE.firstBatch);
  }

  const epochs = 'epochs' in model ? model.epochs : 0;
  if (expected.epochs !== undefined) checks.same('epochs', epochs, expected.epochs);
  const trainCount = arrays.train.count;
  const order = Int32Array.from({ length: trainCount }, (_, window) => window);
  const plan: FitPlan = { trainCount, validation: arrays.validation, epochs, order };
  let firstBatchSeen = false;
  const result = await fitNetwork(trainable, plan, atTheBeginning(0), [], {
    onBatch: () => {
      if (!firstBatchSeen) compareWeights('weights_after_first_batch', expected.weights_after_first_batch, TOLERANCE.firstBatch);
      firstBatchSeen = true;
    },
    onEpoch: ({ epoch, history }) => {
      compareLog(checks, epoch, history, expected);
      compareWeights(`weights_after_epoch[${epoch - 1}]`, expected.weights_after_epoch?.[epoch - 1], TOLERANCE.afterEpochs);
    },
  });
  checks.same('log length', result.epochsRun, expected.log?.length ?? epochs);
  compareWeights('final_weights', expected.final_weights, TOLERANCE.afterEpochs);
}

/** Names in the log of the reference → ours. */
const LOGGED = { loss: 'loss', root_mean_squared_error: 'rmse', val_loss: 'val_loss', val_root_mean_squared_error: 'val_rmse' } as const;

function compareLog(checks: Checks, epoch: number, history: History, { log }: ExpectedNetwork): void {
  const wanted = log?.[epoch - 1];
  for (const [key, value] of Object.entries(wanted ?? {})) {
    const ours = LOGGED[key as keyof typeof LOGGED];
    checks.close(`log[${epoch - 1}].${key}`, ours && (history[ours][epoch - 1] ?? NaN), value, TOLERANCE.afterEpochs);
  }
}

function compareSetup(checks: Checks, network: Network, expected: ExpectedNetwork): void {
  const { parameters, batch_size, shuffle, optimizer } = expected;
  if (parameters !== undefined) checks.same('parameters', parameterCount(network), parameters);
  if (batch_size !== undefined) checks.same('batch_size', BATCH_SIZE, batch_size);
  if (shuffle !== undefined) checks.same('shuffle', false, shuffle);
  if (optimizer) {
    checks.same('optimizer.name', 'Adam', optimizer.name);
    checks.same('optimizer.learning_rate', ADAM.learningRate, optimizer.learning_rate);
    checks.same('optimizer.beta_1', ADAM.beta1, optimizer.beta_1);
    checks.same('optimizer.beta_2', ADAM.beta2, optimizer.beta_2);
    checks.same('optimizer.epsilon', ADAM.epsilon, optimizer.epsilon);
  }
  const { initial_weights: weights } = expected;
  if (weights) compareShapes(checks, 'initial_weights', network, weights);
}

function compareArrays(checks: Checks, arrays: Record<Part, HeldOutWindows>, expected: ExpectedNetwork): void {
  const named: Record<NetworkArrayName, Float32Array> = {
    train_x: arrays.train.inputs,
    train_y: arrays.train.outputs,
    val_x: arrays.validation.inputs,
    val_y: arrays.validation.outputs,
    test_x: arrays.test.inputs,
    test_y: arrays.test.outputs,
  };
  for (const [name, cells] of Object.entries(named)) {
    const want = expected[name as NetworkArrayName];
    if (!want) continue;
    checks.same(
      `${name} size`,
      cells.length,
      want.shape.reduce((product, length) => product * length, 1),
    );
    flatten(want.values).forEach((value, i) => checks.close(`${name}[${i}]`, cells[i], value, TOLERANCE.value));
  }
}

function compareTensors(
  checks: Checks,
  name: string,
  network: Network,
  actual: readonly Float32Array[],
  expected: Tensor[],
  tolerance: Tolerance,
): void {
  compareShapes(checks, name, network, expected);
  for (const [index, tensor] of expected.entries()) {
    flatten(tensor.values).forEach((value, i) => checks.close(`${name} ${tensor.name}[${i}]`, actual[index]?.[i], value, tolerance));
  }
}

/** Names differ in prefixes between versions of Keras; shapes and order are what counts. */
function compareShapes(checks: Checks, name: string, { weights }: Network, expected: Tensor[]): void {
  checks.same(`${name} tensors`, weights.length, expected.length);
  expected.forEach((tensor, index) => checks.sameList(`${name} ${tensor.name} shape`, weights[index]?.shape ?? [], tensor.shape));
}

function scaledPart({ dataset, parts, scalers }: PreparedData, part: Part): HeldOutWindows {
  const windows = parts[part];
  const cells = (side: 'input' | 'output') => {
    const block = dataset[side];
    const values = new Float32Array(windows.length * block.steps * block.columns.length);
    copyScaled(block, scalers[side], windows, values);
    return values;
  };
  return { count: windows.length, inputs: cells('input'), outputs: cells('output') };
}
