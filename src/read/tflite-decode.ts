import { numberReader } from './element-numbers.ts'
import { int8Field, spend, uint32Field } from './flatbuffer.ts'
import { ELEMENT_BITS } from './model-file.ts'
import { readBytes } from './source.ts'
import type { TfliteModel, TfliteSubgraph } from './tflite-model.ts'
import type { ConstantValues } from './tflite-quantisation.ts'
import { TENSOR, tfliteType } from './tflite-schema.ts'

/** Looks up the values of small constants (scales, zero points) of a subgraph. */
export function constantValues(model: TfliteModel, subgraph: TfliteSubgraph): ConstantValues {
  return (index, most) => {
    const table = subgraph.tensors[index]
    const range = table && model.constant(uint32Field(table, TENSOR.buffer, 0, 'scales'))
    const type = table && tfliteType(int8Field(table, TENSOR.type, 0, 'scales'))
    if (!range || !type || type === 'no-weight' || type.element === 'i2') return null
    const count = (range.length * 8) / ELEMENT_BITS[type.element]
    if (!Number.isInteger(count) || count > most) return null
    spend(model.buffer, range.length + 4 * count, 'scales')
    const bytes = readBytes(model.buffer.source, range.offset, range.length, 'scales')
    const read = numberReader(type.element, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    const values = new Float32Array(count)
    for (let i = 0; i < count; i++) values[i] = read(i)
    return values
  }
}

/** One byte an element from four to a byte, low bits first, two's complement. */
export function unpackInt2(packed: Uint8Array, elements: number): Uint8Array {
  const bytes = new Uint8Array(elements)
  for (let i = 0; i < elements; i++) bytes[i] = ((packed[i >> 2]! >> (2 * (i & 3))) << 30) >> 30
  return bytes
}
