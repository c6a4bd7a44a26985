import { lookUp, unpackBits } from './coreml-bits.ts'
import { type CoremlFile, canHold } from './coreml-file.ts'
import type { MilArgument, MilOperation } from './coreml-program.ts'
import { type MilValue, numbersOf, rangeOf } from './coreml-values.ts'
import { ELEMENT_BITS, type ElementType, type TensorBytes } from './model-file.ts'
import { readBytes } from './source.ts'

/** A weight as stored, row-major, before it is seen in the way it is used. */
export interface MilWeight {
  element: ElementType
  shape: number[]
  data: TensorBytes
  quantisation: MilQuantisation | null
}

/** Scales and zero points in blocks along each stored axis: `blocks[k]` of them. */
export interface MilQuantisation {
  scheme: string
  bits: number
  blocks: number[]
  scales: Float32Array
  zeroPoints: Float32Array | null
}

/** A weight that an operation unpacks before the model runs, or why it is not read. */
export type Unpacked = { kind: 'weight'; weight: MilWeight } | { kind: 'left-out'; reason: string }

type Given = (parameter: string) => MilValue | null

/** Whether an operation makes a weight from compressed constants. */
export function isCompressed({ type }: MilOperation): boolean {
  return type.startsWith('constexpr_')
}

/** `constants`: values by name. Throws `malformed`, `truncated`. */
export function unpackWeight(
  model: CoremlFile,
  operation: MilOperation,
  constants: ReadonlyMap<string, MilValue>,
): Unpacked {
  const given: Given = (parameter) => resolve(operation.arguments.get(parameter), constants)
  switch (operation.type) {
    case 'constexpr_affine_dequantize':
      return affineWeight(model, given)
    case 'constexpr_blockwise_shift_scale':
      return blockwiseWeight(model, given)
    case 'constexpr_lut_to_dense':
      return lookedUpWeight(model, given)
    case 'constexpr_cast':
      return plainWeight(model, given('source_val'))
    default:
      return leftOut(`they are kept by ${operation.type.slice(0, 100)}`)
  }
}

export function resolve(argument: MilArgument | undefined, constants: ReadonlyMap<string, MilValue>): MilValue | null {
  if (argument === undefined) return null
  return argument.kind === 'value' ? argument.value : (constants.get(argument.name) ?? null)
}

function leftOut(reason: string): Unpacked {
  return { kind: 'left-out', reason }
}

const NESTED = 'they are compressed in several ways at once'

/** A constant that is not compressed. */
export function plainWeight(model: CoremlFile, value: MilValue | null): Unpacked {
  if (value === null) return leftOut(NESTED)
  const range = value.type.element === null ? null : rangeOf(model, value)
  if (range === null) return leftOut('they are kept in an unusual form')
  const data: TensorBytes = { kind: 'ranges', ranges: [range] }
  return { kind: 'weight', weight: { element: value.type.element!, shape: value.shape, data, quantisation: null } }
}

/** iOS 16: value = (stored − zero point) · scale, one for all or along one axis. */
function affineWeight(model: CoremlFile, given: Given): Unpacked {
  const stored = plainWeight(model, given('quantized_data'))
  if (stored.kind === 'left-out') return stored
  const scale = given('scale')
  const axisValue = given('axis')
  const axis = axisValue === null ? 0 : (numbersOf(model, axisValue)?.[0] ?? 0)
  const { weight } = stored
  const place = axis < 0 ? axis + weight.shape.length : axis
  const blocks = weight.shape.map((_, at) =>
    scale !== null && scale.shape.length > 0 && at === place ? scale.elements : 1,
  )
  return quantised(model, weight, blocks, scale, given('zero_point'))
}

/** iOS 18: blocks along every axis. */
function blockwiseWeight(model: CoremlFile, given: Given): Unpacked {
  const stored = plainWeight(model, given('data'))
  if (stored.kind === 'left-out') return stored
  const scale = given('scale')
  return quantised(model, stored.weight, scale?.shape ?? [], scale, given('offset'))
}

function quantised(
  model: CoremlFile,
  weight: MilWeight,
  blocks: number[],
  scale: MilValue | null,
  zeroPoint: MilValue | null,
): Unpacked {
  const scales = scale === null ? null : numbersOf(model, scale)
  const points = zeroPoint === null ? null : numbersOf(model, zeroPoint)
  const count = blocks.reduce((product, number) => product * number, 1)
  const fits = blocks.length === weight.shape.length && weight.shape.every((length, at) => length % blocks[at]! === 0)
  if (scales === null || !fits || scales.length !== count) return leftOut('their scales do not fit their shape')
  if (points !== null && points.length !== count && points.length !== 1) return leftOut('their zero points do not fit')
  const zeroPoints =
    points === null ? null : Float32Array.from(scales, (_, at) => points[points.length === 1 ? 0 : at]!)
  const bits = ELEMENT_BITS[weight.element]
  const quantisation: MilQuantisation = {
    scheme: `${weight.element.startsWith('i') ? 'int' : 'uint'}${bits}`,
    bits,
    blocks,
    scales: Float32Array.from(scales),
    zeroPoints: zeroPoints?.every((point) => point === 0) === false ? zeroPoints : null,
  }
  if (/^[iu](4|8)$/.test(weight.element)) return { kind: 'weight', weight: { ...weight, quantisation } }
  return leftOut('their codes are no whole numbers of 4 or 8 bits')
}

/**
 * Codes with a table, or one for each group: iOS 16 has a list of codes and a shape; iOS 18 codes of that shape and tables
 * of shape (groups along each axis …, entries, 1).
 */
function lookedUpWeight(model: CoremlFile, given: Given): Unpacked {
  const indices = given('indices')
  const table = given('lut')
  if (indices === null || table === null) return leftOut(NESTED)
  const stated = given('shape')
  const numbers = stated === null ? null : numbersOf(model, stated)
  const shape = stated === null ? indices.shape : [...(numbers ?? [])]
  const groups = stated === null ? table.shape.slice(0, -2) : shape.map(() => 1)
  const [entries, width] = stated === null ? table.shape.slice(-2) : [table.elements, 1]
  if (width !== 1) return leftOut('their table holds vectors')
  const bits = stated === null ? indices.type.bits : Math.log2(entries ?? 0)
  const count = shape.reduce((product, length) => product * length, 1)
  const fits =
    groups.length === shape.length &&
    shape.every((length, at) => Number.isInteger(length / groups[at]!)) &&
    Number.isInteger(bits) &&
    bits >= 1 &&
    bits <= 8 &&
    indices.bytes === Math.ceil((count * bits) / 8)
  if (!fits || table.type.element === null) return leftOut('their table does not fit their codes')
  const entryBytes = table.type.bits / 8
  if (!Number.isInteger(entryBytes) || table.bytes > model.inlineLeft || !canHold(model, count * (entryBytes + 1)))
    return leftOut('they do not fit in memory when looked up')
  const [codes, dictionary] = [storedBytes(model, indices), storedBytes(model, table)]
  if (codes === null || dictionary === null) return leftOut('they are kept in an unusual form')
  const palette = paletteFinder(shape, groups)
  const bytes = lookUp(unpackBits(codes, bits, count, 'low'), dictionary, entryBytes, palette, entries!)
  if (bytes === null) return leftOut('a code is beyond their table')
  const weight = { element: table.type.element, shape, data: { kind: 'inline' as const, bytes }, quantisation: null }
  return { kind: 'weight', weight }
}

function storedBytes(model: CoremlFile, value: MilValue): Uint8Array | null {
  const range = rangeOf(model, value)
  return range === null ? null : readBytes(model.files[range.file]!, range.offset, range.length, 'value')
}

/** Which table an element has, by its row-major number. */
function paletteFinder(shape: readonly number[], groups: readonly number[]): (index: number) => number {
  if (groups.every((number) => number === 1)) return () => 0
  return (index) => {
    let rest = index
    let palette = 0
    let step = 1
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const at = rest % shape[axis]!
      rest = Math.floor(rest / shape[axis]!)
      palette += Math.floor(at / (shape[axis]! / groups[axis]!)) * step
      step *= groups[axis]!
    }
    return palette
  }
}
