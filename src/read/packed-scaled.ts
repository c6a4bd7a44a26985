import type { ElementType, StoredScales } from './model-file.ts'
import {
  columnOf,
  isElement,
  type Matrix,
  matrixOf,
  numbersOf,
  type Parts,
  packedTensor,
  scalesOf,
  smallNumbers,
  stackOf,
  type Unpacked,
} from './packed-parts.ts'

const SCHEMES: Partial<Record<ElementType, string>> = { f8e4m3: 'float8_e4m3', f8e5m2: 'float8_e5m2', i8: 'int8' }

/** DeepSeek's, where no configuration says otherwise. */
const USUAL_BLOCK: [number, number] = [128, 128]

/**
 * 8-bit weights (out, in) with scales beside them: `weight_scale_inv` one for each block of the matrix (DeepSeek, Qwen), `weight_scale`
 * one for the tensor, a row or a block (compressed-tensors, fbgemm). value = stored · scale, whatever the name says of inverses.
 */
export function unpackScaled(layer: string, parts: Parts): Unpacked | null {
  const weight = parts.named.get(`${layer}.weight`)
  const part = ['weight_scale_inv', 'weight_scale'].find((name) => parts.named.has(`${layer}.${name}`))
  const scale = parts.named.get(`${layer}.${part}`)
  const words = matrixOf(weight)
  if (!isElement(weight, 'f8e4m3', 'f8e5m2', 'i8') || !isElement(scale, 'f16', 'bf16', 'f32') || words === null)
    return null
  if (parts.named.has(`${layer}.weight_zero_point`)) return null
  const scaled = columnOf(scale) ?? matrixOf(scale)
  const block = scaled && blockOf(words, scaled, parts.config().weightBlock)
  if (scaled === null || block === null) return null
  const tensor = packedTensor(weight.name, weight, words.rows, words.columns, {
    scheme: SCHEMES[weight.element]!,
    bits: 8,
    words: words.view,
    packing: null,
    block,
    scales: scalesOf(scale, scaled),
  })
  return tensor && { tensors: [tensor], used: [weight.name, `${layer}.${part}`] }
}

function blockOf(words: Matrix, scaled: Matrix, declared: [number, number] | null): [number, number] | null {
  const exact: [number, number] = [words.rows / scaled.rows, words.columns / scaled.columns]
  const fits = ([rows, columns]: [number, number]) =>
    Math.ceil(words.rows / rows) === scaled.rows && Math.ceil(words.columns / columns) === scaled.columns
  const isWhole = exact.every((size) => Number.isInteger(size) && size > 0)
  const isPlain = [1, words.rows].includes(scaled.rows) && [1, words.columns].includes(scaled.columns)
  if (isWhole && isPlain) return exact
  return [...(declared ? [declared] : []), USUAL_BLOCK, ...(isWhole ? [exact] : [])].find(fits) ?? null
}

/** E2M1 (OCP Microscaling Formats 1.0, 5.3.3), by code. */
const E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6]

/** E8M0 (5.4.1): powers of two; the last code is no number. */
const E8M0 = Array.from({ length: 256 }, (_, code) => (code === 255 ? Number.NaN : 2 ** (code - 127)))

const MX_BLOCK = 32

/** gpt-oss: `<name>_blocks` uint8 (experts, out, blocks, 16), low half first; `<name>_scales` uint8 (experts, out, blocks). */
export function unpackMxfp4(name: string, parts: Parts): Unpacked | null {
  const [blocks, scales] = ['blocks', 'scales'].map((part) => parts.named.get(`${name}_${part}`))
  if (!isElement(blocks, 'u8') || !isElement(scales, 'u8') || blocks.view.shape.length !== 4) return null
  const [experts, rows, count, bytes] = blocks.view.shape as [number, number, number, number]
  const [step, rowStep, blockStep, byteStep] = blocks.view.strides as [number, number, number, number]
  const stack = stackOf(scales)
  if (bytes * 2 !== MX_BLOCK || blockStep !== bytes || byteStep !== 1 || stack?.length !== experts) return null
  const tensors = stack.map((scaled, expert) => {
    if (scaled.rows !== rows || scaled.columns !== count) return null
    const start = blocks.view.start + expert * step
    const powers: StoredScales = { ...scalesOf(scales, scaled), book: E8M0 }
    return packedTensor(`${name}.${expert}`, blocks, rows, count * MX_BLOCK, {
      scheme: 'mxfp4',
      bits: 4,
      words: { shape: [rows, count * bytes], strides: [rowStep, 1], start, rowAxes: 1 },
      packing: { bits: 4, along: 'columns', fields: null },
      book: E2M1,
      block: [1, MX_BLOCK],
      scales: powers,
    })
  })
  if (!tensors.every((tensor) => tensor !== null)) return null
  return { tensors, used: [`${name}_blocks`, `${name}_scales`] }
}

/** bitsandbytes LLM.int8(): `weight` int8 (out, in), `SCB` float32 (out): value = stored · SCB / 127. */
export function unpackInt8(layer: string, parts: Parts): Unpacked | null {
  const [weight, scb, format] = ['weight', 'SCB', 'weight_format'].map((part) => parts.named.get(`${layer}.${part}`))
  const [words, scaled] = [matrixOf(weight), columnOf(scb)]
  if (!isElement(weight, 'i8') || !isElement(scb, 'f32', 'f16', 'bf16') || words === null) return null
  // 0 is the plain order; the others are tilings for one GPU generation each
  const isPlain = format === undefined || smallNumbers(parts, format, 1)?.[0] === 0
  if (!isPlain || scaled?.rows !== words.rows) return null
  const tensor = packedTensor(weight.name, weight, words.rows, words.columns, {
    scheme: 'llm.int8',
    bits: 8,
    words: words.view,
    packing: null,
    block: [1, words.columns],
    scales: { ...numbersOf(scb, scaled), book: null, nested: null, factor: 1 / 127, offset: 0 },
  })
  return tensor && { tensors: [tensor], used: [weight.name, scb.name, ...(format ? [format.name] : [])] }
}
