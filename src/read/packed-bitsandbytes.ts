import { isObject, readJsonObject } from './json.ts'
import type { StoredScales, StoredTensor } from './model-file.ts'
import {
  columnOf,
  isElement,
  numbersOf,
  type Parts,
  packedTensor,
  scalesOf,
  smallBytes,
  smallNumbers,
  type Unpacked,
} from './packed-parts.ts'
import { ReadError } from './read-error.ts'
import { countElements } from './shape.ts'
import { memorySource } from './source.ts'

/** The state of one tensor is some 200 bytes of JSON. */
const MAX_STATE_BYTES = 65_536

const BOOK_CODES = 16
const NESTED_CODES = 256

/** The second of two values stands in the low half of a byte. */
const HIGH_FIRST = [1, 0]

/**
 * bitsandbytes 4-bit: `weight` uint8, two codes a byte over the flattened (out, in) matrix; `quant_map` the code book;
 * `absmax` one scale a block, or with double quantisation bytes: absmax = `nested_quant_map[byte]` · `nested_absmax` + offset.
 */
export function unpackFourBit(layer: string, type: 'nf4' | 'fp4', parts: Parts): Unpacked | null {
  const part = (name: string) => parts.named.get(`${layer}.weight${name}`)
  const [weight, absmax] = [part(''), part('.absmax')]
  const stateTensor = part(`.quant_state.bitsandbytes__${type}`)
  const state = stateTensor && readState(parts, stateTensor)
  const book = smallNumbers(parts, part('.quant_map'), BOOK_CODES)
  if (!isElement(weight, 'u8') || absmax === undefined || !state || book?.length !== BOOK_CODES) return null
  const [rows, columns] = state.shape
  const elements = rows * columns
  const blocks = Math.ceil(elements / state.blockSize)
  const bytes = weight.view.shape.reduce((product, size) => product * size, 1)
  const scales = scalesFrom(parts, absmax, state, part('.nested_absmax'), part('.nested_quant_map'))
  if (bytes !== Math.ceil(elements / 2) || columnOf(absmax)?.rows !== blocks || scales === null) return null
  const walk = walkOf(rows, columns, state.blockSize)
  if (walk === null || walk.columns % 2 !== 0) return null
  const tensor = packedTensor(weight.name, weight, rows, columns, {
    scheme: type,
    bits: 4,
    walk,
    words: {
      shape: [walk.rows, walk.columns / 2],
      strides: [walk.columns / 2, 1],
      start: weight.view.start,
      rowAxes: 1,
    },
    packing: { bits: 4, along: 'columns', fields: HIGH_FIRST },
    book,
    block: [1, state.blockSize],
    scales: {
      ...scales,
      view: { shape: [walk.rows, blocks / walk.rows], strides: [blocks / walk.rows, 1], start: 0, rowAxes: 1 },
    },
  })
  const used = [
    '',
    '.absmax',
    '.quant_map',
    '.nested_absmax',
    '.nested_quant_map',
    `.quant_state.bitsandbytes__${type}`,
  ]
  return tensor && { tensors: [tensor], used: used.filter(part).map((name) => `${layer}.weight${name}`) }
}

/** Blocks follow one another over the flattened matrix: in its rows where these are whole blocks, else one block a row. */
function walkOf(rows: number, columns: number, blockSize: number): { rows: number; columns: number } | null {
  if (columns % blockSize === 0) return { rows, columns }
  const elements = rows * columns
  return elements % blockSize === 0 ? { rows: elements / blockSize, columns: blockSize } : null
}

interface State {
  shape: [number, number]
  blockSize: number
  nestedBlock: number
  offset: number
}

function readState(parts: Parts, tensor: StoredTensor): State | null {
  const bytes = tensor.element === 'u8' ? smallBytes(parts, tensor, MAX_STATE_BYTES) : null
  if (bytes === null || bytes.length === 0) return null
  const state = parseState(bytes)
  const { shape, blocksize: blockSize, nested_blocksize: nestedBlock = 1, nested_offset: offset = 0 } = state ?? {}
  const isMatrix = Array.isArray(shape) && shape.length === 2 && shape.every(isCount)
  if (!isMatrix || !isCount(blockSize) || !isCount(nestedBlock) || typeof offset !== 'number') return null
  countElements(tensor.name, shape, tensor.name, 0)
  return { shape: shape as [number, number], blockSize, nestedBlock, offset }
}

function parseState(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const state = readJsonObject(memorySource('', bytes), 0, bytes.length, 'quantisation state', { depth: 4, keys: [] })
    return isObject(state) ? state : null
  } catch (error) {
    if (error instanceof ReadError) return null
    throw error
  }
}

function scalesFrom(
  parts: Parts,
  absmax: StoredTensor,
  { nestedBlock, offset }: State,
  nestedAbsmax: StoredTensor | undefined,
  nestedMap: StoredTensor | undefined,
): StoredScales | null {
  const column = columnOf(absmax)
  if (column === null) return null
  if (nestedAbsmax === undefined) return isElement(absmax, 'f32', 'f16', 'bf16') ? scalesOf(absmax, column) : null
  const book = smallNumbers(parts, nestedMap, NESTED_CODES)
  const nested = columnOf(nestedAbsmax)
  const isWhole = nested?.rows === Math.ceil(column.rows / nestedBlock)
  if (!isElement(absmax, 'u8') || book?.length !== NESTED_CODES || !nested || !isWhole) return null
  return {
    ...scalesOf(absmax, column),
    book,
    nested: { numbers: numbersOf(nestedAbsmax, nested), block: nestedBlock },
    offset,
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}
