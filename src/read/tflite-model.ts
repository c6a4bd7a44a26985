import {
  type FlatBuffer,
  type FlatTable,
  type FlatVector,
  int8Field,
  int32Field,
  int32s,
  openFlatBuffer,
  rootTable,
  stringField,
  tableOf,
  uint32Field,
  uint64Field,
  vectorField,
} from './flatbuffer.ts'
import { MAX_INLINE_BYTES, MAX_NAME_BYTES, MAX_NODES, MAX_TENSORS } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'
import { BUFFER, MODEL, OP, OPERATOR, OPERATOR_CODE, SUBGRAPH, TENSOR } from './tflite-schema.ts'

/** The parts of a TFLite model that lead to its constants. */
export interface TfliteModel {
  buffer: FlatBuffer
  subgraphs: TfliteSubgraph[]
  /** Where the bytes of buffer `index` stand, null for an empty one. Throws unless they lie inside the file. */
  constant(index: number): { offset: number; length: number } | null
}

export interface TfliteSubgraph {
  tensors: FlatTable[]
  operators: TfliteOperator[]
}

export interface TfliteOperator {
  /** A builtin operator's number; `custom` names it when that is `OP.custom`. */
  code: number
  custom: string
  /** Indices of the tensors it takes and gives, the first few only; −1 for an input left out. */
  inputs: number[]
  outputs: number[]
  table: FlatTable
}

/** "TFL3", at byte 4. */
const IDENTIFIER = [0x54, 0x46, 0x4c, 0x33]

/** The only schema version with buffers of their own; versions 0 to 2 date from before the first release. */
const VERSION = 3

/** An offset of 0 says that there is none, 1 that the writer had not filled it in. */
const FIRST_BUFFER_OFFSET = 2

/** No operator whose weights need turning takes them beyond its second input. */
const WEIGHT_INPUTS = 2

export function hasIdentifier(head: Uint8Array): boolean {
  return IDENTIFIER.every((byte, index) => head[4 + index] === byte)
}

/** Throws `truncated`, `malformed`, `limit`, `unsupported`. */
export function readTfliteModel(source: ByteSource): TfliteModel {
  if (!hasIdentifier(readBytes(source, 0, 8, 'TFLite header')))
    throw readError(source.path, 'malformed', { what: 'TFLite header', reason: 'no "TFL3"', offset: 4 })
  const buffer = openFlatBuffer(source, MAX_INLINE_BYTES)
  const root = rootTable(buffer, 'model')
  const version = uint32Field(root, MODEL.version, 0, 'version')
  if (version !== VERSION)
    throw readError(source.path, 'unsupported', { what: 'TFLite schema version', value: `${version}` })
  return { buffer, subgraphs: readSubgraphs(root), constant: constants(root) }
}

export function tensorName(tensor: FlatTable): string {
  // Fused operators join the names of all they replace, far beyond the limit: a name is cut, not refused.
  return stringField(tensor, TENSOR.name, MAX_NAME_BYTES, 'tensor name')
}

function readSubgraphs(root: FlatTable): TfliteSubgraph[] {
  const vector = vectorField(root, MODEL.subgraphs, 4, 'subgraphs')
  const left = { tensors: MAX_TENSORS, operators: MAX_NODES, subgraphs: MAX_TENSORS }
  const codes = operatorCodes(root)
  return tables(vector, 'subgraphs', left).map((subgraph) => ({
    tensors: tables(vectorField(subgraph, SUBGRAPH.tensors, 4, 'tensors'), 'tensors', left),
    operators: tables(vectorField(subgraph, SUBGRAPH.operators, 4, 'operators'), 'operators', left).map((operator) =>
      readOperator(operator, codes),
    ),
  }))
}

/** Counts over all subgraphs, since one vector may serve any number of them. */
function tables<K extends string>(vector: FlatVector | null, what: K, left: Record<K, number>): FlatTable[] {
  if (vector === null) return []
  if (vector.length > left[what])
    throw readError(vector.buffer.source.path, 'limit', {
      what,
      value: `${vector.length}`,
      limit: `${left[what]} left`,
    })
  left[what] -= vector.length
  return Array.from({ length: vector.length }, (_, index) => tableOf(vector, index, what))
}

type OperatorCode = Pick<TfliteOperator, 'code' | 'custom'>

/** Looks up operator codes, each read once. */
function operatorCodes(root: FlatTable): (index: number) => OperatorCode {
  const vector = vectorField(root, MODEL.operatorCodes, 4, 'operator codes')
  const known = new Map<number, OperatorCode>()
  return (index) => {
    const earlier = known.get(index)
    if (earlier !== undefined) return earlier
    if (vector === null) throw malformed(root, 'operator codes', 'none, but operators use them')
    const table = tableOf(vector, index, 'operator code')
    const code = Math.max(
      int8Field(table, OPERATOR_CODE.deprecatedBuiltin, 0, 'operator code'),
      int32Field(table, OPERATOR_CODE.builtin, 0, 'operator code'),
    )
    const custom =
      code === OP.custom ? stringField(table, OPERATOR_CODE.custom, MAX_NAME_BYTES, 'custom operator code') : ''
    known.set(index, { code, custom })
    return { code, custom }
  }
}

function readOperator(table: FlatTable, codes: (index: number) => OperatorCode): TfliteOperator {
  const inputs = vectorField(table, OPERATOR.inputs, 4, 'operator inputs')
  const outputs = vectorField(table, OPERATOR.outputs, 4, 'operator outputs')
  return {
    ...codes(uint32Field(table, OPERATOR.code, 0, 'operator')),
    inputs: inputs === null ? [] : int32s(inputs, 'operator inputs', WEIGHT_INPUTS),
    outputs: outputs === null ? [] : int32s(outputs, 'operator outputs', 1),
    table,
  }
}

function constants(root: FlatTable): TfliteModel['constant'] {
  const vector = vectorField(root, MODEL.buffers, 4, 'buffers')
  return (index) => {
    if (vector === null) throw malformed(root, 'buffers', 'none, but tensors use them')
    const table = tableOf(vector, index, 'buffer')
    const data = vectorField(table, BUFFER.data, 1, 'buffer data')
    if (data !== null && data.length > 0) return { offset: data.position, length: data.length }
    // Files above 2 GB keep the bytes behind the FlatBuffer, whose own offsets have 32 bits.
    const offset = uint64Field(table, BUFFER.offset, 0, 'buffer offset')
    const length = uint64Field(table, BUFFER.size, 0, 'buffer size')
    if (offset < FIRST_BUFFER_OFFSET || length === 0) return null
    checkRange(root.buffer.source, offset, length, 'buffer data')
    return { offset, length }
  }
}

function malformed(table: FlatTable, what: string, reason: string) {
  return readError(table.buffer.source.path, 'malformed', { what, reason, offset: table.position })
}
