import { floatTensor, node } from './onnx.ts'
import { type Bytes, bytesField, join, textField, varintField } from './protobuf.ts'

/** A model that runs: scores = x · weights + bias, with typed inputs and outputs as a runtime demands. */
export function linearModel(weights: readonly (readonly number[])[], bias: readonly number[]): Uint8Array {
  const [features, classes] = [weights.length, bias.length]
  const graph = join(
    bytesField(1, node('MatMul', ['x', 'w'], ['product'])),
    bytesField(1, node('Add', ['product', 'b'], ['scores'])),
    textField(2, 'linear'),
    bytesField(5, floatTensor('w', [features, classes], weights.flat())),
    bytesField(5, floatTensor('b', [classes], bias)),
    bytesField(11, valueInfo('x', features)),
    bytesField(12, valueInfo('scores', classes)),
  )
  return join(varintField(1, 8), bytesField(7, graph), bytesField(8, varintField(2, 17)))
}

/** ValueInfoProto of a float matrix with any number of rows. */
function valueInfo(name: string, columns: number): Bytes {
  const shape = join(bytesField(1, textField(2, 'n')), bytesField(1, varintField(1, columns)))
  const tensorType = join(varintField(1, 1), bytesField(2, shape))
  return join(textField(1, name), bytesField(2, bytesField(1, tensorType)))
}
