import type { Tensor } from '@tensorflow/tfjs';
import type { NativeTensorFlow, OpAttribute } from './addon';

/** An input of an operation: a tensor, or a number that TensorFlow.js has no tensor for. */
export type OpInput = Tensor | { int64: number };

/** Sends single operations on float32 tensors to TensorFlow, without the gradients TensorFlow.js would attach. */
export class NativeOps {
  constructor(private readonly native: NativeTensorFlow) {}

  flag(name: string, value: boolean): OpAttribute {
    return { name, type: this.native.backend.binding.TF_ATTR_BOOL, value };
  }

  real(name: string, value: number): OpAttribute {
    return { name, type: this.native.backend.binding.TF_ATTR_FLOAT, value };
  }

  text(name: string, value: string): OpAttribute {
    return { name, type: this.native.backend.binding.TF_ATTR_STRING, value };
  }

  /** The first output of an operation. */
  run(op: string, inputs: readonly Tensor[], attributes: readonly OpAttribute[] = []): Tensor {
    return this.runMany(op, inputs, 1, attributes)[0]!;
  }

  /** All outputs of an operation. */
  runMany(op: string, inputs: readonly OpInput[], outputs: number, attributes: readonly OpAttribute[] = []): Tensor[] {
    const { backend } = this.native;
    const { binding } = backend; // read anew: while a step is recorded it is another one
    const float: OpAttribute = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    const numbers: number[] = [];
    const ids = inputs.map((input) => {
      if (!('int64' in input)) return backend.getInputTensorIds([input])[0]!;
      const id = binding.createTensor([], binding.TF_INT64, Int32Array.of(input.int64, 0)); // low word first
      numbers.push(id);
      return id;
    });
    try {
      return binding.executeOp(op, [float, ...attributes], ids, outputs).map((handle) => backend.createOutputTensor(handle));
    } finally {
      for (const id of numbers) binding.deleteTensor(id);
    }
  }
}
