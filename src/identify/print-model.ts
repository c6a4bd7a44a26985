import type { Adapter } from '../read/model-file.ts'
import { identityTensors, layoutId, modelId } from './model-id.ts'
import type { Print, TensorPrint } from './print.ts'

/** The print of a model from the prints of its tensors, in the order of the file. */
export function printModel(tensors: TensorPrint[], adapter?: Adapter): Print {
  return {
    id: modelId(tensors),
    layout: layoutId(tensors),
    parameters: identityTensors(tensors).reduce((sum, tensor) => sum + tensor.invariants.count, 0),
    tensors,
    ...(adapter ? { adapter } : {}),
  }
}
