import { readOnnx } from '../src/read/onnx.ts'
import { memorySource } from '../src/read/source.ts'
import { externalData, floatTensor, model, node, tensor } from '../test/builders/onnx.ts'
import { everywhere, readsSoundly } from './invariant.ts'

const external = tensor('w', 1, [4, 4], externalData({ location: 'weights.data', offset: '64', length: '64' }))

export const seeds = [
  model({ initializers: [floatTensor('w', [2, 2], [1, 2, 3, 4])], nodes: [node('MatMul', ['x', 'w'], ['y'])] }),
  model({ initializers: [external], nodes: [node('Gemm', ['x', 'w'], ['y'])], inputs: ['x'] }),
].map((bytes) => Uint8Array.from(bytes))

export function fuzzOnnx(bytes: Uint8Array): void {
  readsSoundly(() => readOnnx(memorySource('input.onnx', bytes), everywhere(new Uint8Array(256))))
}
