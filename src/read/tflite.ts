import { type Arrangement, arrangedView, asStored } from './arrangement.ts'
import { type FlatTable, int8Field, int32s, spend, tableField, uint32Field, vectorField } from './flatbuffer.ts'
import { MAX_AXES } from './limits.ts'
import { ELEMENT_BITS, type Reader, type StoredTensor, type TensorBytes } from './model-file.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'
import { readBytes } from './source.ts'
import { constantValues, unpackInt2 } from './tflite-decode.ts'
import { hasIdentifier, readTfliteModel, type TfliteModel, type TfliteSubgraph, tensorName } from './tflite-model.ts'
import { blockwiseParts, readQuantisation } from './tflite-quantisation.ts'
import { TENSOR, type TfliteType, tfliteType } from './tflite-schema.ts'
import { densify } from './tflite-sparsity.ts'
import { type TensorUse, tensorUses, tfliteArrangement } from './tflite-view.ts'

/** True for the FlatBuffers identifier "TFL3"; `head`: the file's first bytes. The name does not matter. */
export function looksLikeTflite(_name: string, head: Uint8Array): boolean {
  return hasIdentifier(head)
}

/**
 * Reads the constants of all subgraphs of a TensorFlow Lite (LiteRT) model. Throws `truncated`, `malformed`, `limit`,
 * `unsupported`.
 */
export const readTflite: Reader = (source) => {
  const model = readTfliteModel(source)
  const earlier = new Set<string>()
  const tensors = model.subgraphs.flatMap((subgraph) => subgraphTensors(model, subgraph, earlier))
  return { format: 'tflite', files: [source], tensors, findings: [] }
}

/**
 * The constants of one subgraph. `earlier`: what other subgraphs (signatures of one model) already listed; they share
 * their weights by naming the same bytes.
 */
function subgraphTensors(model: TfliteModel, subgraph: TfliteSubgraph, earlier: Set<string>): StoredTensor[] {
  const uses = tensorUses(subgraph)
  const parts = blockwiseParts(subgraph.tensors)
  const listed = subgraph.tensors.flatMap((table, index) => {
    const constant = parts.has(index) ? null : readConstant(model, table, uses.get(index) ?? [])
    return constant === null || earlier.has(identity(constant)) ? [] : [{ constant, index }]
  })
  for (const { constant } of listed) earlier.add(identity(constant))
  return listed.map(({ constant, index }) => storedTensor(model, subgraph, constant, index))
}

/** A tensor that has bytes in the file. */
interface Constant {
  table: FlatTable
  type: TfliteType
  shape: number[]
  elements: number
  arrangement: Arrangement
  range: { offset: number; length: number }
}

function readConstant(model: TfliteModel, table: FlatTable, uses: readonly TensorUse[]): Constant | null {
  const path = model.buffer.source.path
  if (uint32Field(table, TENSOR.externalBuffer, 0, 'tensor') !== 0)
    throw readError(path, 'unsupported', { what: 'TFLite weights', value: 'in a file of their own' })
  const range = model.constant(uint32Field(table, TENSOR.buffer, 0, 'tensor'))
  const number = int8Field(table, TENSOR.type, 0, 'tensor')
  const type = tfliteType(number)
  if (range === null || type === 'no-weight') return null
  if (type === undefined) throw readError(path, 'unsupported', { what: 'TFLite element type', value: `${number}` })
  const shape = readShape(table, type)
  const elements = countElements(path, shape, 'tensor', table.position)
  if (elements === 0) return null
  const arrangement = tfliteArrangement(uses, shape)
  const fits = arrangement !== null && arrangement.order.length === shape.length
  return { table, type, shape, elements, range, arrangement: fits ? arrangement : asStored(shape.length) }
}

function readShape(table: FlatTable, type: TfliteType): number[] {
  const vector = vectorField(table, TENSOR.shape, 4, 'tensor shape')
  // One axis beyond the limit is enough for it to be seen.
  const shape = vector === null ? [] : int32s(vector, 'tensor shape', MAX_AXES + 1)
  return type.parts === 2 ? [...shape, 2] : shape
}

/** Of two subgraphs; inside one, equal constants are separate weights that the converter stored once. */
function identity({ type, shape, arrangement, range }: Constant): string {
  return [range.offset, range.length, type.element, shape, arrangement.order].join(';')
}

function storedTensor(model: TfliteModel, subgraph: TfliteSubgraph, constant: Constant, index: number): StoredTensor {
  const { table, type, shape, arrangement } = constant
  const view = arrangedView(shape, arrangement)
  const values = constantValues(model, subgraph)
  return {
    name: tensorName(table) || `tensor ${index}`,
    element: type.element === 'i2' ? 'i8' : type.element,
    view,
    data: constantBytes(model, constant),
    quantisation: readQuantisation({ table, element: type.element, shape, view, order: arrangement.order }, values),
  }
}

function constantBytes(model: TfliteModel, { table, type, shape, elements, range }: Constant): TensorBytes {
  const { source } = model.buffer
  const bits = type.element === 'i2' ? 2 : ELEMENT_BITS[type.element]
  const sparsity = tableField(table, TENSOR.sparsity, 'sparsity')
  const read = () => {
    spend(model.buffer, range.length, 'tensor data')
    return readBytes(source, range.offset, range.length, 'tensor data')
  }
  if (sparsity !== null) {
    if (bits < 8) throw readError(source.path, 'unsupported', { what: 'sparse elements', value: type.element })
    return { kind: 'inline', bytes: densify(sparsity, shape, bits / 8, read) }
  }
  const need = Math.ceil((elements * bits) / 8)
  if (range.length !== need) {
    const reason = `${range.length} bytes where [${shape}] of ${type.element} takes ${need}`
    throw readError(source.path, 'malformed', { what: 'tensor data', reason, offset: range.offset })
  }
  if (type.element !== 'i2') return { kind: 'ranges', ranges: [{ file: 0, ...range }] }
  spend(model.buffer, elements, 'tensor data')
  return { kind: 'inline', bytes: unpackInt2(read(), elements) }
}
