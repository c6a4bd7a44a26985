import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundTo } from '../../src/kernel/exact.ts'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { permutedView, plainView, type StoredTensor } from '../../src/read/model-file.ts'
import { readOnnx } from '../../src/read/onnx.ts'
import { readSafetensors } from '../../src/read/safetensors.ts'
import { readShardedSafetensors } from '../../src/read/safetensors-index.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { floatTensor, node, model as onnxModel } from '../builders/onnx.ts'
import { affine } from '../builders/quantised.ts'
import { safetensors, safetensorsIndex } from '../builders/safetensors.ts'
import {
  bytesOf,
  encode,
  type FloatType,
  fileOf,
  floats,
  inline,
  modelOf,
  noise,
  printFile,
  printTensor,
  printTensors,
  ranged,
} from '../builders/tensor.ts'

const digestOf = (tensor: StoredTensor) => printTensor(tensor).digest
const exactOf = (tensor: StoredTensor) => printTensor(tensor).exact

/** Values of a type as another, wider one stores them. */
const stored = (shape: number[], values: ArrayLike<number>, type: FloatType, as: FloatType) =>
  floats(
    shape,
    Array.from(values, (value) => roundTo(value, type)),
    as,
  )

const finite = fc.float({ noNaN: true, noDefaultInfinity: true })
const vector = fc.array(finite, { minLength: 1, maxLength: 40 })

describe('one digest', () => {
  it.each([
    { type: 'bf16', as: ['bf16', 'f32', 'f64'] },
    { type: 'f16', as: ['f16', 'f32', 'f64'] },
    { type: 'f32', as: ['f32', 'f64'] },
  ] as const)('has $type, stored as $as', ({ type, as }) => {
    fc.assert(
      fc.property(vector, (values) => {
        const digests = as.map((wider) => digestOf(stored([values.length], values, type, wider)))
        expect(new Set(digests).size).toBe(1)
      }),
    )
  })

  it('have bf16 and f16 where both hold the values', () => {
    const values = [0, 1, -0.5, 255, 2 ** -24, 3 * 2 ** -20]
    expect(digestOf(floats([6], values, 'bf16'))).toBe(digestOf(floats([6], values, 'f16')))
  })

  it.each(['f64', 'f32', 'f16', 'bf16'] as const)('have −0 and +0 in %s', (type) => {
    expect(digestOf(floats([2], [-0, 1], type))).toBe(digestOf(floats([2], [0, 1], type)))
  })

  it.each([
    { element: 'f64', words: BigUint64Array.of(0x7ff0000000000001n, 0xffffffffffffffffn) },
    { element: 'f32', words: Uint32Array.of(0x7f800001, 0xffffffff) },
    { element: 'f16', words: Uint16Array.of(0x7c01, 0xffff) },
    { element: 'bf16', words: Uint16Array.of(0x7f81, 0xffff) },
  ] as const)('have all not-a-numbers of $element', ({ element, words }) => {
    const plain = floats([2], [Number.NaN, Number.NaN], element)
    expect(digestOf(inline([2], bytesOf(words), { element }))).toBe(digestOf(plain))
  })

  it.each(['f64', 'f32', 'f16', 'bf16'] as const)('have infinities of %s and of f32', (type) => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]
    expect(digestOf(floats([3], values, type))).toBe(digestOf(floats([3], values, 'f32')))
  })

  it('have 8-bit floats and the values they stand for', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const widened = Float32Array.from(bytes, (byte) => ((byte & 0x7f) === 0x7f ? Number.NaN : e4m3(byte)))
    expect(digestOf(inline([256], bytes, { element: 'f8e4m3' }))).toBe(digestOf(floats([256], widened)))
  })

  it('has a matrix stored (out, in) and one stored (in, out)', () => {
    const values = noise(1, 35)
    const turned = Array.from({ length: 35 }, (_, k) => values[(k % 5) * 7 + Math.floor(k / 5)]!)
    const view = permutedView([7, 5], [1, 0])
    expect(digestOf({ ...floats([7, 5], turned), view })).toBe(digestOf(floats([5, 7], values)))
  })

  it('has a convolution stored (out, in, kh, kw) and one stored (kh, kw, in, out)', () => {
    const view = permutedView([3, 2, 4, 5], [3, 2, 0, 1])
    const bytes = encode(noise(2, 120), 'f32')
    const values = reordered(new Float32Array(bytes.buffer), view.shape, view.strides)
    expect(digestOf(inline([], bytes, { view }))).toBe(digestOf(floats([5, 4, 3, 2], values)))
  })

  it('has a tensor with axes of size 1 more or less', () => {
    const bytes = encode(noise(3, 20), 'f32')
    expect(digestOf(inline([1, 4, 1, 5], bytes))).toBe(digestOf(inline([4, 5], bytes)))
  })

  it('has a tensor in one piece and in several ranges', () => {
    const bytes = encode(noise(4, 64), 'f32')
    const ranges = [
      { file: 0, offset: 0, length: 13 },
      { file: 0, offset: 13, length: 243 },
    ]
    const split = { ...ranged('w', [8, 8], 0), data: { kind: 'ranges' as const, ranges } }
    expect(printTensors(fileOf(bytes, [split]))[0]!.digest).toBe(digestOf(inline([8, 8], bytes)))
  })

  it('gives the plain kernel what it gives the fast one', () => {
    const tensors = (['f64', 'f32', 'f16', 'bf16'] as const).map((type) => floats([30, 40], noise(5, 1_200), type))
    const digests = (kernel?: typeof plainKernel) =>
      printTensors(modelOf(tensors), kernel ? { kernel } : {}).map(({ digest }) => digest)
    expect(digests(plainKernel)).toEqual(digests())
  })
})

describe('another digest', () => {
  it('has a tensor of which one bit differs', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.nat(31), (element, bit) => {
        const bytes = encode(noise(6, 64), 'f32')
        const before = digestOf(inline([8, 8], bytes.slice()))
        new Uint32Array(bytes.buffer)[element]! ^= 1 << bit
        expect(digestOf(inline([8, 8], bytes))).not.toBe(before)
      }),
    )
  })

  it.each([
    { what: 'turned', shape: [8, 4] },
    { what: 'flat', shape: [32] },
    { what: 'in other rows', shape: [2, 16] },
  ])('has the same values $what', ({ shape }) => {
    const bytes = encode(noise(7, 32), 'f32')
    expect(digestOf(inline(shape, bytes.slice()))).not.toBe(digestOf(inline([4, 8], bytes)))
  })

  it('have values of which one is rounded away', () => {
    const values = noise(8, 32)
    expect(digestOf(floats([32], values, 'bf16'))).not.toBe(digestOf(floats([32], values, 'f32')))
  })

  it('have the least subnormal of f32 and zero', () => {
    expect(digestOf(floats([2], [2 ** -149, 1]))).not.toBe(digestOf(floats([2], [0, 1])))
  })

  it('have quantised integers with other scales', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i * 5)
    const [one, other] = [affine([8, 8], [0.5]), affine([8, 8], [0.25])].map((quantisation) =>
      digestOf(inline([8, 8], bytes, { element: 'i8', quantisation })),
    )
    expect(one).not.toBe(other)
  })

  it('have quantised integers with other zero points', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i * 3)
    const [one, other] = [affine([8, 8], [0.5], [1]), affine([8, 8], [0.5], [2])].map((quantisation) =>
      digestOf(inline([8, 8], bytes, { element: 'i8', quantisation })),
    )
    expect(one).not.toBe(other)
  })

  it('has a square quantised matrix with one scale a row and one with one scale a column', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i * 3)
    const scales = [1, 2, 3, 4, 5, 6, 7, 8]
    const [rows, columns] = [affine([1, 8], scales), affine([8, 1], scales)].map((quantisation) =>
      digestOf(inline([8, 8], bytes, { element: 'i8', quantisation })),
    )
    expect(rows).not.toBe(columns)
  })
})

describe('the narrowest type that holds every value', () => {
  /** Two chunks of f32; `late` stands in the second one. */
  const lately = (late: number) => {
    const values = new Float32Array(400_000)
    for (let i = 0; i < values.length; i++) values[i] = i % 7
    values[399_999] = late
    return { values, tensor: inline([2, 200_000], bytesOf(values)) }
  }

  it('shows only at the end of a tensor whose last value alone needs more', () => {
    expect([2, 2049 / 2048, 1 / 3].map((late) => exactOf(lately(late).tensor))).toEqual(['bf16', 'f32', 'f32'])
  })

  it('may be f16 although the beginning fits bf16', () => {
    expect(exactOf(lately(1025).tensor)).toBe('f16')
  })

  it('gives a tensor that needs it late the digest it has in f64', () => {
    const { values, tensor } = lately(1 / 3)
    const wide = inline([2, 200_000], bytesOf(new Float64Array(values)), { element: 'f64' })
    expect(digestOf(tensor)).toBe(digestOf(wide))
  })

  it('gives a file’s tensor that needs it late the same digest as one in memory', () => {
    const { values, tensor } = lately(1 / 3)
    const model = fileOf(bytesOf(values.slice()), [ranged('w', [2, 200_000], 0)])
    expect(printTensors(model)[0]!.digest).toBe(digestOf(tensor))
  })

  it('gives a transposed tensor that needs it late the same digest', () => {
    const { values, tensor } = lately(1 / 3)
    const turned = new Float32Array(values.length)
    for (let k = 0; k < turned.length; k++) turned[k] = values[(k % 2) * 200_000 + (k >> 1)]!
    const view = permutedView([200_000, 2], [1, 0])
    expect(digestOf(inline([], bytesOf(turned), { view }))).toBe(digestOf(tensor))
  })

  it.each([
    { values: [0.1], stored: 'f64', exact: 'f64' },
    { values: [1e300], stored: 'f64', exact: 'f64' },
    { values: [2 ** -150], stored: 'f64', exact: 'f64' },
    { values: [1 / 3], stored: 'f32', exact: 'f32' },
    { values: [2 ** -140], stored: 'f64', exact: 'f32' },
    { values: [2 ** -133], stored: 'f32', exact: 'bf16' },
    { values: [513 * 2 ** -24], stored: 'f32', exact: 'f16' },
    { values: [65_504], stored: 'f64', exact: 'f16' },
    { values: [65_504, 2 ** 20], stored: 'f32', exact: 'f32' },
    { values: [Number.POSITIVE_INFINITY, Number.NaN], stored: 'f64', exact: 'bf16' },
    { values: [Number.NEGATIVE_INFINITY, 1025], stored: 'f32', exact: 'f16' },
  ] as const)('of $values is $exact', ({ values, stored, exact }) => {
    expect(exactOf(floats([values.length], values, stored))).toBe(exact)
  })
})

it.each([
  { what: 'in order', view: plainView([0, 5]) },
  { what: 'with its axes exchanged', view: permutedView([2, 0, 3, 4], [3, 1, 0, 2]) },
])('a tensor without elements, $what, has a digest', ({ view }) => {
  expect(digestOf(inline([], new Uint8Array(0), { view }))).toMatch(/^[0-9a-f]{64}$/)
})

describe('one model', () => {
  const values = { a: noise(10, 64 * 48), b: noise(11, 48), c: noise(12, 32 * 64) }
  const a = { shape: [64, 48], values: values.a }
  const b = { shape: [48], values: values.b }
  const c = { shape: [32, 64], values: values.c }
  const idOf = (bytes: Uint8Array) =>
    printFile(readSafetensors(memorySource('m.safetensors', bytes), memorySiblings({}))).id
  const id = idOf(safetensors({ a, b, c }))

  it('is its tensors in another order', () => {
    expect(idOf(safetensors({ c, a, b }))).toBe(id)
  })

  it('is its tensors under other names', () => {
    expect(idOf(safetensors({ 'model.x': a, 'model.y': b, z: c }))).toBe(id)
  })

  it('is its tensors in shards', () => {
    const shards = { '1.safetensors': safetensors({ c }), '2.safetensors': safetensors({ a, b }) }
    const index = safetensorsIndex({ a: '2.safetensors', b: '2.safetensors', c: '1.safetensors' })
    const source = memorySource('model.safetensors.index.json', new TextEncoder().encode(index))
    expect(printFile(readShardedSafetensors(source, memorySiblings(shards))).id).toBe(id)
  })

  it('is its tensors in ONNX, where MatMul has its weights (in, out) and Gemm may have them (out, in)', () => {
    const turned = Array.from({ length: 64 * 48 }, (_, k) => values.a[(k % 64) * 48 + Math.floor(k / 64)]!)
    const bytes = onnxModel({
      inputs: ['x'],
      nodes: [
        node('MatMul', ['x', 'a'], ['h']),
        node('Gemm', ['h', 'c'], ['y'], { attributes: { transB: { int: 1 } } }),
        node('Add', ['y', 'b'], ['z']),
      ],
      initializers: [
        floatTensor('a', [48, 64], turned),
        floatTensor('b', [48], [...values.b]),
        floatTensor('c', [32, 64], [...values.c]),
      ],
    })
    expect(printFile(readOnnx(memorySource('m.onnx', bytes), memorySiblings({}))).id).toBe(id)
  })

  it('is not its tensors with one left out', () => {
    expect(idOf(safetensors({ a, b }))).not.toBe(id)
  })

  it('is not its tensors with a bit changed', () => {
    const bytes = safetensors({ a, b, c })
    bytes[bytes.length - 1]! ^= 1
    expect(idOf(bytes)).not.toBe(id)
  })
})

/** The positive and negative values of table 1 of "FP8 formats for deep learning", written out. */
function e4m3(byte: number): number {
  const sign = byte & 0x80 ? -1 : 1
  const exponent = (byte >> 3) & 15
  const mantissa = byte & 7
  return sign * (exponent === 0 ? (mantissa / 8) * 2 ** -6 : (1 + mantissa / 8) * 2 ** (exponent - 7))
}

function reordered(values: Float32Array, shape: number[], strides: number[]): number[] {
  if (shape.length === 0) return [values[0]!]
  const [size, ...rest] = shape as [number, ...number[]]
  return Array.from({ length: size }, (_, i) =>
    reordered(values.subarray(i * strides[0]!), rest, strides.slice(1)),
  ).flat()
}
