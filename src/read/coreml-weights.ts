import { lookUp, unpackBits } from './coreml-bits.ts'
import { type CoremlFile, canHold, leaveOut } from './coreml-file.ts'
import { MAX_HEADER_BYTES } from './limits.ts'
import type { AffineQuantisation, ByteRange, ElementType, StoredTensor, TensorBytes, TensorView } from './model-file.ts'
import { fieldsOf, inside, type Message, malformed, type WireField } from './protobuf.ts'
import { readBytes } from './source.ts'

/** WeightParams (NeuralNetwork.proto), as they stand. */
interface WeightFields {
  floats: WireField[]
  half: WireField | null
  raw: WireField | null
  int8: WireField | null
  quantisation: Message | null
}

interface NetworkQuantisation {
  bits: number
  scales: WireField[]
  biases: WireField[]
  table: WireField[]
}

/** Writers pack a list into one field, or a few; each piece is a range of its own. */
const MAX_PIECES = 4_096

/** Where the weight of a layer lies and how it is to be seen; `channel`: the stored axis that has scales of its own. */
export interface WeightPlace {
  name: string
  /** As stored; null for one axis as long as there are elements. */
  shape: number[] | null
  view(shape: number[]): TensorView
  channel: number
}

/** A weight, or why it is not read. */
type Found = { kind: 'tensor'; tensor: StoredTensor } | { kind: 'left-out'; reason: string }

/** Adds the tensor of a WeightParams, or a finding where it is stored in a way that is not read. None for an empty one. */
export function addWeight(model: CoremlFile, message: Message, place: WeightPlace): void {
  const fields = readFields(model, message)
  const found = findWeight(model, message, place, fields)
  if (found?.kind === 'tensor') model.tensors.push(found.tensor)
  if (found?.kind === 'left-out') leaveOut(model, place.name, found.reason)
}

function findWeight(model: CoremlFile, message: Message, place: WeightPlace, fields: WeightFields): Found | null {
  const { floats, half, raw, int8 } = fields
  if (floats.length > 0) return plainWeight(model, message, place, 'f32', floats)
  if (half !== null) return plainWeight(model, message, place, 'f16', [half])
  const stored = raw ?? int8
  if (stored === null) return null
  if (fields.quantisation === null) return leftOut('they have no quantisation')
  return quantisedWeight(model, message, place, stored, raw === null, readQuantisation(model, fields.quantisation))
}

function leftOut(reason: string): Found {
  return { kind: 'left-out', reason }
}

function readFields({ wire }: CoremlFile, message: Message): WeightFields {
  const fields: WeightFields = { floats: [], half: null, raw: null, int8: null, quantisation: null }
  for (const field of fieldsOf(wire, message, 'weights')) {
    if (field.length === 0) continue
    if (field.number === 1) fields.floats.push(field)
    if (field.number === 2) fields.half = field
    if (field.number === 30) fields.raw = field
    if (field.number === 31) fields.int8 = field
    if (field.number === 40) fields.quantisation = inside(wire, message, field, 'quantisation')
    if (fields.floats.length > MAX_PIECES) throw malformed(wire, 'weights', 'in too many pieces', field.offset)
  }
  return fields
}

function plainWeight(
  model: CoremlFile,
  message: Message,
  place: WeightPlace,
  element: ElementType,
  fields: readonly WireField[],
): Found {
  const bytes = fields.reduce((sum, { length }) => sum + length, 0)
  const ranges: ByteRange[] = fields.map(({ offset, length }) => ({ file: 0, offset, length }))
  const shape = shapeFor(model, message, place, bytes / (element === 'f32' ? 4 : 2))
  return tensor(place, shape, element, { kind: 'ranges', ranges }, null)
}

function tensor(
  { name, view }: WeightPlace,
  shape: number[],
  element: ElementType,
  data: TensorBytes,
  quantisation: AffineQuantisation | null,
): Found {
  return { kind: 'tensor', tensor: { name, element, view: view(shape), data, quantisation } }
}

function shapeFor({ wire }: CoremlFile, message: Message, { shape, name }: WeightPlace, count: number): number[] {
  const need = shape?.reduce((product, length) => product * length, 1) ?? count
  if (!Number.isInteger(count) || need !== count)
    throw malformed(wire, name.slice(0, 200), `${count} elements where its layer takes ${need}`, message.start)
  return shape ?? [count]
}

/** Codes of 1 to 8 bits, first bit highest, with scales and biases, one for all or one a channel, or a table. */
function quantisedWeight(
  model: CoremlFile,
  message: Message,
  place: WeightPlace,
  stored: WireField,
  isSigned: boolean,
  quantisation: NetworkQuantisation,
): Found {
  const bits = isSigned ? 8 : quantisation.bits
  if (!(bits >= 1 && bits <= 8)) return leftOut(`they have ${bits} bits`)
  const count = place.shape?.reduce((product, length) => product * length, 1) ?? Math.floor((stored.length * 8) / bits)
  if (stored.length !== Math.ceil((count * bits) / 8)) shapeFor(model, message, place, (stored.length * 8) / bits)
  const shape = place.shape ?? [count]
  if (quantisation.table.length > 0) return lookedUpWeight(model, place, shape, stored, count, quantisation)
  const data = bits === 8 ? rangeOf(stored) : unpacked(model, stored, bits, count)
  if (data === null) return leftOut('they do not fit in memory when unpacked')
  const affine = affineOf(model, place, place.view(shape), quantisation, isSigned ? 'int8' : `uint${bits}`, bits)
  if (affine === null) return leftOut('their scales do not fit their shape')
  return tensor(place, shape, isSigned ? 'i8' : 'u8', data, affine)
}

function rangeOf({ offset, length }: WireField): TensorBytes {
  return { kind: 'ranges', ranges: [{ file: 0, offset, length }] }
}

function readQuantisation(model: CoremlFile, message: Message): NetworkQuantisation {
  const { wire } = model
  const found: NetworkQuantisation = { bits: 0, scales: [], biases: [], table: [] }
  for (const field of fieldsOf(wire, message, 'quantisation')) {
    if (field.number === 1) found.bits = field.value
    if (field.number !== 101 && field.number !== 102) continue
    for (const one of fieldsOf(wire, inside(wire, message, field, 'quantisation'), 'quantisation')) {
      if (field.number === 102 && one.number === 1) found.table.push(one)
      if (field.number === 101 && one.number === 1) found.scales.push(one)
      if (field.number === 101 && one.number === 2) found.biases.push(one)
    }
  }
  return found
}

/** A list of float32, in one piece or several. */
function floatsOf(model: CoremlFile, fields: readonly WireField[]): Float32Array {
  const length = fields.reduce((sum, field) => sum + field.length, 0)
  if (length > MAX_HEADER_BYTES || length % 4 !== 0)
    throw malformed(model.wire, 'quantisation', `a list of ${length} bytes`, fields[0]?.offset ?? 0)
  const bytes = new Uint8Array(length)
  let at = 0
  for (const field of fields) {
    model.wire.source.readInto(bytes.subarray(at, at + field.length), field.offset, 'quantisation')
    at += field.length
  }
  return new Float32Array(bytes.buffer)
}

/** value = code · scale + bias = (code − (−bias ÷ scale)) · scale */
function affineOf(
  model: CoremlFile,
  place: WeightPlace,
  view: TensorView,
  quantisation: NetworkQuantisation,
  scheme: string,
  bits: number,
): AffineQuantisation | null {
  const scales = quantisation.scales.length === 0 ? Float32Array.of(1) : floatsOf(model, quantisation.scales)
  const biases = floatsOf(model, quantisation.biases)
  const axis = view.strides.indexOf(channelStride(place))
  const isWhole = scales.length === 1
  if (!isWhole && scales.length !== view.shape[axis]) return null
  if (biases.length > 0 && biases.length !== scales.length) return null
  const zeroPoints = biases.map((bias, index) => (bias === 0 ? 0 : -bias / scales[index]!))
  if (!zeroPoints.every(Number.isFinite)) return null
  const group = view.shape.map((length, at) => (!isWhole && at === axis ? 1 : length))
  const isZero = zeroPoints.every((point) => point === 0)
  return { kind: 'affine', scheme, bits, group, scales, zeroPoints: isZero ? null : zeroPoints }
}

function channelStride({ shape, channel }: WeightPlace): number {
  return (shape ?? []).slice(channel + 1).reduce((product, length) => product * length, 1)
}

function unpacked(model: CoremlFile, stored: WireField, bits: number, count: number): TensorBytes | null {
  if (!canHold(model, count)) return null
  const packed = readBytes(model.wire.source, stored.offset, stored.length, 'weights')
  return { kind: 'inline', bytes: unpackBits(packed, bits, count, 'high') }
}

function lookedUpWeight(
  model: CoremlFile,
  place: WeightPlace,
  shape: number[],
  stored: WireField,
  count: number,
  { bits, table }: NetworkQuantisation,
): Found {
  const floats = floatsOf(model, table)
  if (floats.length !== 2 ** bits) return leftOut('their table does not fit their bits')
  // A float32 an element, and its code for a while.
  if (!canHold(model, 5 * count)) return leftOut('they do not fit in memory when looked up')
  const packed = readBytes(model.wire.source, stored.offset, stored.length, 'weights')
  const codes = unpackBits(packed, bits, count, 'high')
  const bytes = lookUp(codes, new Uint8Array(floats.buffer), 4, () => 0, floats.length)
  return bytes === null
    ? leftOut('a code is beyond their table')
    : tensor(place, shape, 'f32', { kind: 'inline', bytes }, null)
}
