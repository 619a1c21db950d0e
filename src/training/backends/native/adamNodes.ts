import { ADAM } from '../types';
import type { GraphBuilder, Output } from './graph';

export interface WeightUpdate {
  /** variable names */
  weight: Output;
  m: Output;
  v: Output;
  gradient: Output;
}

/**
 * Adam as Keras's optimiser builds it, operation for operation, so that the weights agree bit for bit (TensorFlow's fused
 * ResourceApplyAdam does not):
 *
 *     t += 1;  α = η·√(1 − β2ᵗ)/(1 − β1ᵗ);  m += (g − m)(1 − β1);  v += (g² − v)(1 − β2);  w −= m·α/(√v + ε)
 *
 * No variable is written before all gradients are known.
 * @param step,learningRate scalar variables
 * @returns the nodes that must have run at the end of the step
 */
export function addAdamUpdates(graph: GraphBuilder, step: Output, learningRate: Output, updates: readonly WeightUpdate[]): Output[] {
  const after = updates.map(({ gradient }) => gradient);
  const one = graph.scalar(1);
  const binary = (op: string) => (a: Output, b: Output) => graph.float(op, [a, b]);
  const [add, sub, mul, div, pow] = [binary('AddV2'), binary('Sub'), binary('Mul'), binary('RealDiv'), binary('Pow')];
  const sqrt = (x: Output): Output => graph.float('Sqrt', [x]);

  const t = add(graph.read(step), one);
  const power1 = pow(graph.scalar(ADAM.beta1), t);
  const power2 = pow(graph.scalar(ADAM.beta2), t);
  const alpha = div(mul(graph.read(learningRate), sqrt(sub(one, power2))), sub(one, power1));

  const apply = ({ weight, m, v, gradient }: WeightUpdate): Output => {
    const change1 = mul(sub(gradient, graph.read(m)), graph.scalar(1 - ADAM.beta1));
    const change2 = mul(sub(graph.float('Square', [gradient]), graph.read(v)), graph.scalar(1 - ADAM.beta2));
    const moved1 = graph.assign('AssignAddVariableOp', m, change1, { after });
    const moved2 = graph.assign('AssignAddVariableOp', v, change2, { after });
    const newM = graph.read(m, { after: [moved1] });
    const newV = graph.read(v, { after: [moved2] });
    return graph.assign('AssignSubVariableOp', weight, div(mul(newM, alpha), add(sqrt(newV), graph.scalar(ADAM.epsilon))), { after });
  };
  return [...updates.map(apply), graph.assign('AssignVariableOp', step, t, { after })];
}
