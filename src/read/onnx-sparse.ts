import { ELEMENT_BITS } from './model-file.ts'
import type { OnnxTensor } from './onnx-model.ts'
import { elementCount, readTensor, takeDims } from './onnx-tensor.ts'
import { fieldsOf, inside, type Message, malformed, type Wire } from './protobuf.ts'

/** A SparseTensorProto; null for strings. Where its elements stand is checked when they are decoded. */
export function readSparseTensor(wire: Wire, message: Message): OnnxTensor | null {
  const dims: number[] = []
  let values: OnnxTensor | null | undefined
  let indices: OnnxTensor | null | undefined
  for (const field of fieldsOf(wire, message, 'sparse tensor')) {
    if (field.number === 1) values = readTensor(wire, inside(wire, message, field, 'sparse tensor values'))
    if (field.number === 2) indices = readTensor(wire, inside(wire, message, field, 'sparse tensor indices'))
    if (field.number === 3) takeDims(wire, dims, field)
  }
  if (values === null) return null
  if (values === undefined || indices?.element !== 'i64' || ELEMENT_BITS[values.element] < 8)
    throw malformed(wire, 'sparse tensor', 'it lacks values of whole bytes or indices', message.start)
  const { name, element } = values
  const storage = { kind: 'sparse', values, indices } as const
  return { name, element, dims, count: elementCount(wire, dims), storage, offset: message.start }
}

/**
 * The dense row-major bytes of a sparse tensor. `indices` are [n] linear or [n, axes] coordinates, `valueBytes` the n
 * elements. Throws `malformed` for an index outside the shape.
 */
export function denseBytes(
  wire: Wire,
  tensor: OnnxTensor,
  indices: Float64Array,
  indexDims: readonly number[],
  valueBytes: Uint8Array,
): Uint8Array {
  const size = ELEMENT_BITS[tensor.element] / 8
  const dense = new Uint8Array(tensor.count * size)
  const count = valueBytes.length / size
  const axes = indexDims.length === 2 ? tensor.dims : [tensor.count]
  if (indices.length !== count * axes.length)
    throw malformed(wire, 'sparse tensor', 'it has not one index for each value', tensor.offset)
  for (let i = 0; i < count; i++) {
    let at = 0
    for (let axis = 0; axis < axes.length; axis++) {
      const index = indices[i * axes.length + axis]!
      if (!(index >= 0 && index < axes[axis]!))
        throw malformed(wire, 'sparse tensor', 'an index leads out of its shape', tensor.offset)
      at = at * axes[axis]! + index
    }
    dense.set(valueBytes.subarray(i * size, (i + 1) * size), at * size)
  }
  return dense
}
