import { roundTo } from '../../src/kernel/exact.ts'
import { blocksOf } from '../../src/read/ggml-types.ts'
import { f16Half, type Model, type Tensor } from '../builders/models.ts'

/** Elements that share a scale. */
const BLOCK = 32

/** ggml's round-to-nearest schemes (ggml-quants.c: quantize_row_q8_0_ref, quantize_row_q4_0_ref): 8-bit steps of max/127, 4-bit ones of max/−8. */
export type GridScheme = 'Q8_0' | 'Q4_0'

/** Every matrix whose rows are whole blocks, in these blocks; the rest stays as it is. */
export function onGrid(model: Model, scheme: GridScheme): Model {
  return model.map((tensor) => {
    const columns = tensor.values.length / tensor.shape[0]!
    return tensor.shape.length === 1 || columns % BLOCK !== 0 ? tensor : gridTensor(tensor, scheme)
  })
}

function gridTensor(tensor: Tensor, scheme: GridScheme): Tensor {
  const quantisation = blocksOf(scheme)
  const blocks = tensor.values.length / BLOCK
  const stored = new Uint8Array(blocks * quantisation.blockBytes)
  const values = new Float32Array(tensor.values.length)
  for (let block = 0; block < blocks; block++) {
    const part = tensor.values.subarray(block * BLOCK, (block + 1) * BLOCK)
    const bytes = stored.subarray(block * quantisation.blockBytes, (block + 1) * quantisation.blockBytes)
    values.set(scheme === 'Q8_0' ? blockOf8(part, bytes) : blockOf4(part, bytes), block * BLOCK)
  }
  return { ...tensor, values, storage: { kind: 'blocks', stored, quantisation } }
}

/** Returns the values that the block stands for. */
function blockOf8(part: Float32Array, bytes: Uint8Array): Float32Array {
  const scale = Math.fround(part.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127)
  const d = writeScale(scale, bytes)
  const codes = part.map((value) => (scale === 0 ? 0 : Math.round(value / scale)))
  codes.forEach((code, i) => {
    bytes[2 + i] = code & 255
  })
  return codes.map((code) => code * d)
}

function blockOf4(part: Float32Array, bytes: Uint8Array): Float32Array {
  const most = part.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  const scale = Math.fround(most / -8)
  const d = writeScale(scale, bytes)
  const codes = part.map((value) => Math.min(15, scale === 0 ? 8 : Math.trunc(value / scale + 8.5)))
  for (let i = 0; i < BLOCK / 2; i++) bytes[2 + i] = codes[i]! | (codes[i + BLOCK / 2]! << 4)
  return codes.map((code) => (code - 8) * d)
}

function writeScale(scale: number, bytes: Uint8Array): number {
  const half = roundTo(scale, 'f16')
  const word = f16Half(new Uint32Array(Float32Array.of(half).buffer)[0]!)
  bytes[0] = word & 255
  bytes[1] = word >>> 8
  return half
}
