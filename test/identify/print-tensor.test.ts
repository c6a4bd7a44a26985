import { describe, expect, it } from 'vitest'
import { permutedView, plainView } from '../../src/read/model-file.ts'
import { affine } from '../builders/quantised.ts'
import { bytesOf, encode, floats, inline, noise, printTensor } from '../builders/tensor.ts'

const values = noise(1, 40 * 30)
const int8 = Int8Array.from(values, (value) => Math.round(value * 20))

describe('the standing', () => {
  it.each([
    { what: 'fewer than sixteen floats', tensor: floats([15], noise(2, 15)), standing: 'small' },
    { what: 'sixteen floats', tensor: floats([16], noise(2, 16)), standing: 'weight' },
    { what: 'a scalar', tensor: floats([], [0.5]), standing: 'small' },
    { what: 'no floats at all', tensor: floats([0, 16], []), standing: 'small' },
    { what: 'equal floats', tensor: floats([16, 16], new Float64Array(256).fill(0.1)), standing: 'closed-form' },
    {
      what: 'zeros of either sign',
      tensor: floats(
        [32],
        Array.from({ length: 32 }, (_, i) => (i % 3 ? 0 : -0)),
      ),
      standing: 'closed-form',
    },
    {
      what: 'nothing but not-a-numbers',
      tensor: floats([32], new Float64Array(32).fill(Number.NaN)),
      standing: 'closed-form',
    },
    {
      what: 'floats and a not-a-number',
      tensor: floats(
        [32],
        Float64Array.from(noise(3, 32), (v, i) => (i === 9 ? Number.NaN : v)),
      ),
      standing: 'weight',
    },
    { what: 'integers', tensor: inline([32], new Uint8Array(256), { element: 'i64' }), standing: 'integer' },
    { what: 'truth values', tensor: inline([32], new Uint8Array(32), { element: 'bool' }), standing: 'integer' },
    {
      what: 'quantised integers',
      tensor: inline([40, 30], bytesOf(int8), { element: 'i8', quantisation: affine([40, 30], [0.05]) }),
      standing: 'weight',
    },
  ] as const)('of $what is $standing', ({ tensor, standing }) => {
    expect(printTensor(tensor).standing).toBe(standing)
  })
})

describe('the invariants', () => {
  const print = printTensor(floats([40, 30], values))

  it('are those of the values', () => {
    const rounded = Float32Array.from(values)
    const mean = rounded.reduce((sum, value) => sum + value, 0) / 1_200
    const squares = rounded.reduce((sum, value) => sum + value ** 2, 0)
    expect([print.invariants.mean, print.invariants.sumSquares].map((value) => value.toPrecision(5))).toEqual(
      [mean, squares].map((value) => value.toPrecision(5)),
    )
  })

  it('begin and end with the least and the greatest row norm', () => {
    const rows = Array.from({ length: 40 }, (_, i) => Math.hypot(...values.subarray(i * 30, (i + 1) * 30)))
    const { rowNorms } = print.invariants
    expect(rowNorms[0]).toBeCloseTo(Math.min(...rows), 4)
    expect(rowNorms[32]).toBeCloseTo(Math.max(...rows), 4)
  })

  it('of a transposed copy are the same, rows and columns exchanged', () => {
    const turned = printTensor({ ...floats([40, 30], values), view: permutedView([40, 30], [1, 0]) })
    const { rowNorms, columnNorms } = print.invariants
    expect([turned.invariants.rowNorms, turned.invariants.columnNorms].map(digits)).toEqual(
      [columnNorms, rowNorms].map(digits),
    )
  })

  it('of a permuted copy are the same', () => {
    const permuted = Float64Array.from(values, (_, k) => values[((Math.floor(k / 30) * 7) % 40) * 30 + (k % 30)]!)
    expect(printTensor(floats([40, 30], permuted)).invariants.rowNorms).toEqual(print.invariants.rowNorms)
  })

  it('leave out what is not finite, and count it', () => {
    const { nonFinite, max } = printTensor(floats([4], [1, Number.POSITIVE_INFINITY, Number.NaN, 2])).invariants
    expect({ nonFinite, max }).toEqual({ nonFinite: 2, max: 2 })
  })

  it('of nothing finite are 0', () => {
    const { min, max, mean } = printTensor(floats([2], [Number.NaN, Number.NaN])).invariants
    expect([min, max, mean]).toEqual([0, 0, 0])
  })
})

describe('the sketch', () => {
  it('of quantised storage is of the values it stands for', () => {
    const quantisation = affine(
      [1, 30],
      Array.from({ length: 40 }, (_, row) => (row + 1) / 64),
    )
    const dequantised = Float32Array.from(int8, (stored, k) => stored * ((Math.floor(k / 30) + 1) / 64))
    const { sketch } = printTensor(inline([40, 30], bytesOf(int8), { element: 'i8', quantisation }))
    expect(differs(sketch!.values, printTensor(floats([40, 30], dequantised)).sketch!.values)).toBe(false)
  })

  it('of quantised storage that is transposed is the transposed one', () => {
    const stored = Int8Array.from(int8, (_, k) => int8[(k % 40) * 30 + Math.floor(k / 40)]!)
    const quantisation = affine(
      [1, 30],
      Array.from({ length: 40 }, (_, row) => (row + 1) / 64),
    )
    const view = permutedView([30, 40], [1, 0])
    const turned = printTensor(inline([], bytesOf(stored), { element: 'i8', view, quantisation }))
    const plain = printTensor(inline([40, 30], bytesOf(int8), { element: 'i8', quantisation }))
    expect([turned.digest, turned.sketch]).toEqual([plain.digest, plain.sketch])
  })

  it('of elements of half a byte is of the values they stand for', () => {
    const packed = Uint8Array.from({ length: 600 }, (_, i) => (i * 89) % 256)
    const quantisation = { ...affine([40, 30], [0.5], [8]), scheme: 'uint4', bits: 4 }
    const unpacked = Float32Array.from(
      { length: 1_200 },
      (_, k) => (((packed[k >> 1]! >> (k % 2 ? 4 : 0)) & 15) - 8) / 2,
    )
    const { sketch } = printTensor(inline([40, 30], packed, { element: 'u4', quantisation }))
    expect(differs(sketch!.values, printTensor(floats([40, 30], unpacked)).sketch!.values)).toBe(false)
  })

  it('of 8-bit floats is of their values', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i * 41) % 0x78)
    const doubled = Uint8Array.from(bytes, (byte) => byte + 8)
    const [one, two] = [bytes, doubled].map((data) => printTensor(inline([8, 8], data, { element: 'f8e4m3' })).sketch!)
    const normal = [...bytes.keys()].filter((k) => bytes[k]! >= 8)
    expect(normal.every((k) => two!.values[k] === 2 * one!.values[k]!)).toBe(true)
  })

  it('of a tall tensor is one for each 4,096 rows', () => {
    const { sketch } = printTensor(floats([5_000, 3], noise(4, 15_000)))
    expect([sketch!.height, sketch!.width, sketch!.values.length]).toEqual([64, 3, 2 * 64 * 3])
  })
})

it('a quantised tensor has its scheme, bits and step', () => {
  const quantisation = affine([1, 30], new Array(40).fill(0.25))
  expect(printTensor(inline([40, 30], bytesOf(int8), { element: 'i8', quantisation })).encoding).toEqual({
    scheme: 'int8',
    bits: 8,
    step: 0.25,
  })
})

it('a tensor keeps the name it has and gets a role', () => {
  const { name, role } = printTensor({ ...floats([4], [1, 2, 3, 4]), name: 'model.conv/kernel:0' })
  expect({ name, role }).toEqual({ name: 'model.conv/kernel:0', role: 'conv.kernel' })
})

it('a depthwise filter has its channels as rows', () => {
  const view = { ...plainView([4, 2, 3, 3]), rowAxes: 2 }
  const { rows, columns } = printTensor(inline([], encode(noise(5, 72), 'f32'), { view }))
  expect([rows, columns]).toEqual([8, 9])
})

/** To five digits: sums in another order differ in the last ones. */
function digits(values: Float32Array): string[] {
  return Array.from(values, (value) => value.toPrecision(5))
}

function differs(a: Float32Array, b: Float32Array): boolean {
  const scale = Math.max(...a.map(Math.abs))
  return a.length !== b.length || a.some((value, k) => Math.abs(value - b[k]!) > 1e-5 * scale)
}
