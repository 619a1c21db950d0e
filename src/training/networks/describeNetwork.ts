import type { Finding, FindingCode } from '../../domain/findings';
import type { ModelSettings } from '../../domain/settings/types';
import { TrainingError } from '../errors';
import { cnnNetwork } from './cnn';
import { denseNetwork } from './dense';
import { lstmNetwork } from './lstm';
import { elementCount } from './types';
import type { Network, ProblemShape } from './types';

/**
 * @throws TrainingError NOT_FEASIBLE: finding STEPS_UNEQUAL for a recurrent network with more or fewer output than input steps
 * @throws RangeError for a model that is no neural network
 */
export function describeNetwork(model: ModelSettings, shape: ProblemShape): Network {
  switch (model.kind) {
    case 'Dense':
      return denseNetwork(model, shape);
    case 'CNN':
      return cnnNetwork(model, shape);
    case 'LSTM':
    case 'AR LSTM': {
      const { inputSteps, outputSteps } = shape;
      if (inputSteps === outputSteps) return lstmNetwork(model, shape);
      const message = `${model.kind} needs as many output as input steps, not ${inputSteps} and ${outputSteps}`;
      throw refusal('STEPS_UNEQUAL', message, { input_steps: inputSteps, output_steps: outputSteps });
    }
    case 'LIN':
    case 'SVR':
      throw new RangeError(`${model.kind} is no neural network`);
  }
}

/** Number of trainable values. */
export const parameterCount = ({ weights }: Network): number => weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);

/** @throws TrainingError NOT_FEASIBLE (finding MODEL_TOO_LARGE) above the configured limit */
export function checkSize(network: Network, maxModelParameters: number): void {
  const parameters = parameterCount(network);
  if (parameters <= maxModelParameters) return;
  const message = `The model would have ${parameters} parameters; the limit is ${maxModelParameters}`;
  throw refusal('MODEL_TOO_LARGE', message, { parameters, max_model_parameters: maxModelParameters });
}

function refusal(code: FindingCode, message: string, context: Record<string, unknown>): TrainingError {
  const finding: Finding = { code, message, context };
  return new TrainingError('NOT_FEASIBLE', message, { findings: [finding] });
}
