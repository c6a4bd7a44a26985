import { memorySource } from '../src/read/source.ts'
import { readTflite } from '../src/read/tflite.ts'
import { i32s, table } from '../test/builders/flatbuffer.ts'
import { affine, compressed, counted, dense, oneWeight, sparsity, TYPE } from '../test/builders/tflite.ts'
import { noSiblings, readsSoundly } from './invariant.ts'

const levels = [dense(2), compressed(table({ 0: i32s(0, 1, 2) }), table({ 0: i32s(0, 1) }))]

export const seeds = [
  oneWeight({ shape: [4, 4], data: counted(16) }, { code: 9 }),
  oneWeight({ shape: [2, 2, 2, 2], data: counted(16) }, { code: 3 }),
  oneWeight({
    shape: [4, 4],
    type: TYPE.i8,
    data: new Uint8Array(16),
    quantisation: affine([1, 2, 3, 4], [0, 0, 0, 0]),
  }),
  oneWeight({ shape: [2, 2], data: counted(2), sparsity: sparsity([0, 1], levels) }),
]

export function fuzzTflite(bytes: Uint8Array): void {
  readsSoundly(() => readTflite(memorySource('input.tflite', bytes), noSiblings))
}
