import type { Packing, StoredTensor } from './model-file.ts'
import {
  isElement,
  isWords,
  type Matrix,
  matrixOf,
  numbersOf,
  type Parts,
  packedTensor,
  scalesOf,
  smallNumbers,
  stackOf,
  transposed,
  type Unpacked,
} from './packed-parts.ts'

/** Packings into 32-bit words. All of them take the layer's name and give null where the shapes do not fit. */

const WORD_BITS = 32

/** Sizes that the formats' own writers make; others are in no known checkpoint. */
const GPTQ_BITS = [2, 3, 4, 8]
const MLX_BITS = [2, 3, 4, 5, 6, 8]
const WHOLE_BITS = [2, 4, 8]

/** AutoAWQ packs outputs 0, 2, 4, 6, 1, 3, 5, 7 of eight: where the first, second … of them is found. */
const AWQ_FIELDS = [0, 4, 1, 5, 2, 6, 3, 7]

/**
 * GPTQ (AutoGPTQ, GPTQModel): `qweight` int32 (in · bits/32, out), inputs packed; `qzeros` (groups, out · bits/32), outputs
 * packed; `scales` (groups, out); `g_idx`: the group of each input. AWQ (AutoAWQ, GEMM): `qweight` (in, out/8).
 */
export function unpackGroups(layer: string, parts: Parts): Unpacked | null {
  const [qweight, qzeros, scales] = ['qweight', 'qzeros', 'scales'].map((part) => parts.named.get(`${layer}.${part}`))
  const [words, zeros, scaled] = [matrixOf(qweight), matrixOf(qzeros), matrixOf(scales)]
  if (!isWords(qweight) || !isWords(qzeros) || !isElement(scales, 'f16', 'bf16', 'f32')) return null
  if (words === null || zeros === null || scaled === null || zeros.rows !== scaled.rows || scaled.rows < 1) return null
  const bits = (zeros.columns * WORD_BITS) / scaled.columns
  const stored = { layer, qweight, qzeros, scales, words, zeros, scaled, bits }
  if (words.columns === scaled.columns) return unpackGptq(stored, parts)
  if (bits === 4 && words.columns === zeros.columns) return unpackAwq(stored)
  return null
}

interface Groups {
  layer: string
  qweight: StoredTensor
  qzeros: StoredTensor
  scales: StoredTensor
  words: Matrix
  zeros: Matrix
  scaled: Matrix
  bits: number
}

function unpackGptq(groups: Groups, parts: Parts): Unpacked | null {
  const { layer, qweight, qzeros, scales, words, zeros, scaled, bits } = groups
  const columns = (words.rows * WORD_BITS) / bits
  const index = parts.named.get(`${layer}.g_idx`)
  const isIndexed = isElement(index, 'i32', 'i64') && index.view.shape.length === 1 && index.view.shape[0] === columns
  if (!GPTQ_BITS.includes(bits) || !Number.isInteger(columns) || (index && !isIndexed)) return null
  const packing: Packing = { bits, along: 'columns', fields: null }
  const tensor = packedTensor(`${layer}.weight`, qweight, words.columns, columns, {
    scheme: `gptq-int${bits}`,
    bits,
    words: transposed(words).view,
    packing,
    block: [1, Math.ceil(columns / scaled.rows)],
    columnGroups: isIndexed ? numbersOf(index, rowOf(index)) : null,
    scales: scalesOf(scales, transposed(scaled)),
    zeroPoints: {
      numbers: numbersOf(qzeros, transposed(zeros), { ...packing, along: 'rows' }),
      add: isStoredLessOne(groups, parts) ? 1 : 0,
    },
  })
  return unpacked(tensor, layer, isIndexed ? ['qweight', 'qzeros', 'scales', 'g_idx'] : ['qweight', 'qzeros', 'scales'])
}

/** A vector as one row. */
function rowOf({ view }: StoredTensor): Matrix {
  const length = view.shape[0]!
  const row = { shape: [1, length], strides: [length, view.strides[0]!], start: view.start, rowAxes: 1 }
  return { rows: 1, columns: length, view: row }
}

/**
 * The first GPTQ writers stored zero points less one, and checkpoints without a word on it are theirs. Some newer ones store
 * them as they are and still say `gptq`: where the configuration says that all are the middle, the first tells which.
 */
function isStoredLessOne({ qzeros, bits }: Groups, parts: Parts): boolean {
  const { checkpointFormat, symmetric } = parts.config()
  if (checkpointFormat === 'gptq_v2') return false
  const first = { ...qzeros, view: { ...qzeros.view, shape: [1] } }
  const [word] = symmetric ? (smallNumbers(parts, first, 1) ?? []) : []
  return word === undefined || (word & (2 ** bits - 1)) !== 2 ** (bits - 1)
}

function unpackAwq({ layer, qweight, qzeros, scales, words, zeros, scaled, bits }: Groups): Unpacked | null {
  const packing: Packing = { bits, along: 'rows', fields: AWQ_FIELDS }
  const tensor = packedTensor(`${layer}.weight`, qweight, scaled.columns, words.rows, {
    scheme: 'awq-int4',
    bits,
    words: transposed(words).view,
    packing,
    block: [1, Math.ceil(words.rows / scaled.rows)],
    scales: scalesOf(scales, transposed(scaled)),
    zeroPoints: { numbers: numbersOf(qzeros, transposed(zeros), packing), add: 0 },
  })
  return unpacked(tensor, layer, ['qweight', 'qzeros', 'scales'])
}

/**
 * compressed-tensors, `pack-quantized`: `weight_packed` int32 (out, in · bits/32), codes stored plus half their range;
 * `weight_scale` (out, groups); `weight_zero_point` packed along the outputs, or none; `weight_shape`; `weight_g_idx`.
 */
export function unpackCompressed(layer: string, parts: Parts): Unpacked | null {
  const part = (name: string) => parts.named.get(`${layer}.${name}`)
  const [packed, scale, zero, index] = ['weight_packed', 'weight_scale', 'weight_zero_point', 'weight_g_idx'].map(part)
  const shape = smallNumbers(parts, part('weight_shape'), 2)
  const [words, scaled] = [matrixOf(packed), matrixOf(scale)]
  if (!isWords(packed) || !isElement(scale, 'f16', 'bf16', 'f32') || words === null || scaled === null) return null
  if (shape?.length !== 2 || shape[0] !== words.rows || scaled.rows !== words.rows || scaled.columns < 1) return null
  const columns = shape[1]!
  const bits = WHOLE_BITS.find((width) => Math.ceil((columns * width) / WORD_BITS) === words.columns)
  const zeros = matrixOf(zero)
  if (bits === undefined || (zero && (!isWords(zero) || zeros?.columns !== scaled.columns))) return null
  if (zeros !== null && zeros.rows !== Math.ceil((words.rows * bits) / WORD_BITS)) return null
  const isIndexed = isElement(index, 'i32', 'i64') && index.view.shape.length === 1 && index.view.shape[0] === columns
  const packing: Packing = { bits, along: 'columns', fields: null }
  const middle = 2 ** (bits - 1)
  const tensor = packedTensor(`${layer}.weight`, packed, words.rows, columns, {
    scheme: `int${bits}`,
    bits,
    words: words.view,
    packing,
    block: [1, Math.ceil(columns / scaled.columns)],
    columnGroups: isIndexed ? numbersOf(index, rowOf(index)) : null,
    scales: scalesOf(scale, scaled),
    zeroPoints:
      zero && zeros
        ? { numbers: numbersOf(zero, zeros, { ...packing, along: 'rows' }), add: 0 }
        : { numbers: null, add: middle },
  })
  const used = ['weight_packed', 'weight_scale', 'weight_zero_point', 'weight_g_idx', 'weight_shape']
  return unpacked(
    tensor,
    layer,
    used.filter((name) => part(name)),
  )
}

/** MLX: `weight` uint32 (…, out, in · bits/32), each row one stream of codes; `scales` and `biases` (…, out, groups). */
export function unpackMlx(layer: string, parts: Parts): Unpacked | null {
  const [weight, scales, biases] = ['weight', 'scales', 'biases'].map((part) => parts.named.get(`${layer}.${part}`))
  const [stack, scaled, biased] = [stackOf(weight), stackOf(scales), stackOf(biases)]
  if (!isElement(weight, 'u32') || !isElement(scales, 'f16', 'bf16', 'f32') || !isElement(biases, 'f16', 'bf16', 'f32'))
    return null
  if (stack === null || scaled?.length !== stack.length || biased?.length !== stack.length) return null
  const tensors = stack.map((words, entry) => {
    const [groups, shifts] = [scaled[entry]!, biased[entry]!]
    const isAligned = groups.rows === words.rows && shifts.rows === words.rows && shifts.columns === groups.columns
    const size = mlxSize(words, groups, parts.config().bitsOf(layer))
    if (!isAligned || size === null) return null
    const name = stack.length === 1 ? `${layer}.weight` : `${layer}.weight.${entry}`
    return packedTensor(name, weight, words.rows, groups.columns * size.groupSize, {
      scheme: `mlx-int${size.bits}`,
      bits: size.bits,
      words: words.view,
      packing: { bits: size.bits, along: 'columns', fields: null },
      block: [1, size.groupSize],
      scales: scalesOf(scales, groups),
      biases: numbersOf(biases, shifts),
    })
  })
  if (!tensors.every((tensor) => tensor !== null)) return null
  return { tensors, used: ['weight', 'scales', 'biases'].map((part) => `${layer}.${part}`) }
}

/** The shapes give bits × group size only; without a configuration that fits, MLX's default group of 64, else its others. */
function mlxSize(words: Matrix, groups: Matrix, declared: { bits: number; groupSize: number } | null) {
  const known = [64, 32, 128].map((groupSize) => ({
    bits: (words.columns * WORD_BITS) / groups.columns / groupSize,
    groupSize,
  }))
  const fits = ({ bits, groupSize }: { bits: number; groupSize: number }) =>
    MLX_BITS.includes(bits) && bits * groupSize * groups.columns === words.columns * WORD_BITS
  return [...(declared ? [declared] : []), ...known].find(fits) ?? null
}

function unpacked(tensor: StoredTensor | null, layer: string, used: string[]): Unpacked | null {
  return tensor && { tensors: [tensor], used: used.map((part) => `${layer}.${part}`) }
}
