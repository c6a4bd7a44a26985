import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gather, type Width } from '../../src/identify/gather.ts'
import { type ByteRange, permutedView, type StoredTensor, type TensorView } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { inline, naiveOrder } from '../builders/tensor.ts'
import { views } from '../builders/views.ts'

const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const

/** The elements that gathering gives, as numbers; `counted` fills the stored array, element k with k modulo 251. */
function gathered(tensor: StoredTensor, width: Width, files: Parameters<typeof gather>[1] = []): number[] {
  return [...gather(tensor, files, width)].flatMap((strip) => Array.from(new ARRAYS[width](strip.buffer), Number))
}

function counted(elements: number, width: Width): Uint8Array {
  const bytes = new Uint8Array(elements * width)
  for (let k = 0; k < elements; k++) bytes[k * width] = k % 251
  return bytes
}

function expected(view: TensorView): number[] {
  return naiveOrder(view).map((offset) => offset % 251)
}

const widths = fc.constantFrom<Width>(1, 2, 4, 8)

describe('gathering', () => {
  it('gives the elements of any view in its order', () => {
    fc.assert(
      fc.property(views(), widths, ({ stored, view }, width) => {
        expect(gathered(inline([], counted(stored, width), { view }), width)).toEqual(expected(view))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    { what: 'a matrix stored (in, out)', stored: [5, 7], order: [1, 0] },
    { what: 'a convolution stored (kh, kw, in, out)', stored: [3, 2, 4, 5], order: [3, 2, 0, 1] },
    { what: 'a convolution stored (out, kh, kw, in)', stored: [5, 3, 2, 4], order: [0, 3, 1, 2] },
  ])('brings $what into canonical order', ({ stored, order }) => {
    const view = permutedView(stored, order)
    const elements = stored.reduce((product, size) => product * size, 1)
    expect(gathered(inline([], counted(elements, 4), { view }), 4)).toEqual(expected(view))
  })

  it('brings a depthwise convolution stored (kh, kw, channels, multiplier) into canonical order', () => {
    const view = permutedView([3, 3, 4, 2], [2, 3, 0, 1], 2)
    expect(gathered(inline([], counted(72, 4), { view }), 4)).toEqual(expected(view))
  })

  it('reads on where one range of a file ends and the next begins', () => {
    fc.assert(
      fc.property(views({ least: 1 }), fc.array(fc.integer({ min: 0, max: 40 })), ({ stored, view }, cuts) => {
        const { files, ranges } = scattered(counted(stored, 2), cuts)
        const tensor = inline([], new Uint8Array(0), { view, data: { kind: 'ranges', ranges } })
        expect(gathered(tensor, 2, files)).toEqual(expected(view))
      }),
    )
  })
})

/** The bytes in two files, in pieces of these lengths, other bytes before every piece. */
function scattered(bytes: Uint8Array, lengths: number[]) {
  const parts: number[][] = [[], []]
  const ranges: ByteRange[] = []
  for (let at = 0, piece = 0; at < bytes.length || piece === 0; piece++) {
    const length = Math.min(piece < lengths.length ? lengths[piece]! : bytes.length, bytes.length - at)
    const file = piece % 2
    parts[file]!.push(255, 254, 253)
    ranges.push({ file, offset: parts[file]!.length, length })
    parts[file]!.push(...bytes.subarray(at, at + length))
    at += length
  }
  return { files: parts.map((part, file) => memorySource(`file ${file}`, Uint8Array.from(part))), ranges }
}

describe('tensors larger than one strip', () => {
  // 5 M elements of 4 bytes: three strips of 8 MiB, whose elements lie 20 MB apart when the tensor is stored transposed
  const shape = [2_500, 2_000]
  const bytes = new Uint8Array(Uint32Array.from({ length: 5_000_000 }, (_, k) => k).buffer)

  /** The first element that is not where the view has it, or null. */
  function misplaced(view: TensorView): number | null {
    const { shape, strides, start } = view
    const [rows, columns] = shape as [number, number]
    let at = 0
    for (const strip of gather(inline([], bytes, { view }), [], 4))
      for (const element of new Uint32Array(strip.buffer)) {
        if (element !== start + Math.floor(at / columns) * strides[0]! + (at % columns) * strides[1]!) return at
        at++
      }
    return at === rows * columns ? null : at
  }

  it('come in pieces of at most 8 MiB', () => {
    const lengths = [...gather(inline(shape, bytes), [], 4)].map((strip) => strip.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(8 * 1024 * 1024)
  })

  it('are gathered when stored transposed', () => {
    expect(misplaced(permutedView(shape, [1, 0]))).toBeNull()
  })

  it('are gathered when they are a slice of the rows of a larger one', () => {
    expect(misplaced({ shape: [2_500, 1_700], strides: [2_000, 1], start: 150, rowAxes: 1 })).toBeNull()
  })

  it('are gathered when they are few long columns, stored transposed', () => {
    expect(misplaced({ shape: [2, 2_500_000], strides: [1, 2], start: 0, rowAxes: 1 })).toBeNull()
  })

  it('are gathered across files', () => {
    const half = 9_999_998
    const files = [memorySource('a', bytes.subarray(0, half)), memorySource('b', bytes.subarray(half))]
    const ranges = [
      { file: 0, offset: 0, length: half },
      { file: 1, offset: 0, length: bytes.length - half },
    ]
    const tensor = inline(shape, new Uint8Array(0), { data: { kind: 'ranges', ranges } })
    const parts = [...gather(tensor, files, 4)]
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
  })
})
