import { MAX_AXES } from './limits.ts'
import { expectWire, fieldsOf, inside, type Message, malformed, type Wire, type WireField } from './protobuf.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'

/** A TensorShapeProto whose lengths are all known, and how many elements that is. */
export interface TfShape {
  shape: number[]
  elements: number
}

export function readShape(wire: Wire, parent: Message, field: WireField): TfShape {
  const shape: number[] = []
  for (const axis of fieldsOf(wire, inside(wire, parent, field, 'shape'), 'shape')) {
    if (axis.number === 3 && axis.value !== 0) throw malformed(wire, 'shape', 'its rank is unknown', axis.offset)
    if (axis.number !== 2) continue
    if (shape.push(axisLength(wire, parent, axis)) > MAX_AXES)
      throw readError(wire.source.path, 'limit', { what: 'axes', value: `over ${MAX_AXES}`, limit: String(MAX_AXES) })
  }
  return { shape, elements: countElements(wire.source.path, shape, 'shape', field.offset) }
}

function axisLength(wire: Wire, parent: Message, axis: WireField): number {
  let length = 0
  for (const field of fieldsOf(wire, inside(wire, parent, axis, 'axis'), 'axis')) {
    if (field.number !== 1) continue
    expectWire(wire, field, 'varint', 'axis')
    length = field.value
  }
  return length
}
