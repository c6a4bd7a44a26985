import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLOCK_ROWS, CHUNK_BYTES, type Kernel, NORM_AXIS_LIMIT, type RunResult } from '../../src/kernel/kernel.ts'
import { sign } from '../../src/kernel/sign.ts'
import { run } from './run.ts'

/** Sums may be taken in another order and precision; counts and ends may not. */
function expectAlike(seen: RunResult, expected: RunResult): void {
  const { sum, sumSquares, sumFourth, ...counts } = seen.moments
  const { sum: otherSum, sumSquares: otherSquares, sumFourth: otherFourth, ...others } = expected.moments
  expect(counts).toEqual(others)
  const size = Math.sqrt(otherSquares)
  expectClose(
    [sum / size, sumSquares / size ** 2, sumFourth / size ** 4],
    [otherSum / size, otherSquares / size ** 2, otherFourth / size ** 4],
  )
  for (const part of ['rowNorms', 'columnNorms', 'sketch'] as const)
    expectClose(
      Array.from(seen[part], (value) => value / size),
      Array.from(expected[part], (value) => value / size),
    )
}

/** Numbers that are not finite must not be finite either; nothing else is said of them. */
function expectClose(seen: number[], expected: number[]): void {
  expect(seen.length).toBe(expected.length)
  for (const [at, value] of expected.entries())
    if (Number.isFinite(value)) expect(Math.abs(seen[at]! - value)).toBeLessThan(1e-5)
}

/** What every kernel must do. */
export function kernelContract(makeKernel: () => Kernel): void {
  const kernel = makeKernel()

  describe('canonicalise', () => {
    const nan = { bf16: 0x7fc0, f16: 0x7e00, f32: 0x7fc00000 }
    const cases = [
      { element: 'bf16', make: Uint16Array, words: [0x8000, 0x7f81, 0xffff, 0x7f80, 0xff80, 0x8001, 0x3f80] },
      { element: 'f16', make: Uint16Array, words: [0x8000, 0x7c01, 0xffff, 0x7c00, 0xfc00, 0x8001, 0x3c00] },
      {
        element: 'f32',
        make: Uint32Array,
        words: [0x80000000, 0x7f800001, 0xffffffff, 0x7f800000, 0xff800000, 0x80000001, 0x3f800000],
      },
    ] as const
    test.each(cases)('keeps all of $element but −0 and NaN payloads', ({ element, make, words }) => {
      const { inlet, canonicalise } = kernel.start(1, words.length, element)
      const stored = new make(inlet.buffer as ArrayBuffer, inlet.byteOffset, words.length)
      stored.set(words)
      canonicalise(words.length)
      expect([...stored]).toEqual([0, nan[element], nan[element], ...words.slice(3)])
    })

    test('does the same for f64', () => {
      const { inlet, canonicalise } = kernel.start(1, 4, 'f64')
      const stored = new BigUint64Array(inlet.buffer, inlet.byteOffset, 4)
      stored.set([0x8000000000000000n, 0xfff0000000000001n, 0xfff0000000000000n, 0x8000000000000001n])
      canonicalise(4)
      expect([...stored]).toEqual([0n, 0x7ff8000000000000n, 0xfff0000000000000n, 0x8000000000000001n])
    })

    test('changes nothing in what a push of the same floats comes to', () => {
      const value = fc.oneof(
        { weight: 20, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
        { weight: 4, arbitrary: fc.constantFrom(0, -0) },
        { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e-30) },
      )
      fc.assert(
        fc.property(
          fc.constantFrom('bf16' as const, 'f16' as const, 'f32' as const, 'f64' as const),
          fc.integer({ min: 1, max: 150 }),
          fc.array(value, { minLength: 1, maxLength: 700 }),
          fc.constantFrom(3, 64, 100, 8_192),
          (element, columns, values, piece) => {
            const rows = Math.ceil(values.length / columns)
            const whole = Array.from({ length: rows * columns }, (_, at) => values[at % values.length]!)
            const surveyed = run(kernel, rows, columns, element, whole, piece, true)
            expectAlike(surveyed, run(kernel, rows, columns, element, whole, piece))
          },
        ),
      )
    })

    test('is trusted for one push only', () => {
      const tensor = kernel.start(2, 8, 'bf16')
      const words = new Uint16Array(tensor.inlet.buffer as ArrayBuffer, tensor.inlet.byteOffset, 8)
      words.fill(0x3f80)
      tensor.canonicalise(8)
      tensor.push(8)
      words.fill(0)
      tensor.push(8)
      const { moments } = tensor.finish()
      expect({ zeros: moments.zeros, min: moments.min, max: moments.max }).toEqual({ zeros: 8, min: 0, max: 1 })
    })

    test('is not trusted for a push of fewer floats', () => {
      const tensor = kernel.start(1, 24, 'f16')
      const words = new Uint16Array(tensor.inlet.buffer as ArrayBuffer, tensor.inlet.byteOffset, 16)
      words.fill(0)
      tensor.canonicalise(16)
      tensor.push(8)
      words.fill(0x3c00)
      tensor.push(16)
      expect(tensor.finish().moments.zeros).toBe(8)
    })

    test('refuses integers, which have neither', () => {
      expect(() => kernel.start(1, 4, 'i8').canonicalise(4)).toThrow(TypeError)
    })
  })

  describe('moments', () => {
    test('count sums, squares and fourth powers', () => {
      const { moments } = run(kernel, 2, 3, 'f32', [1, -2, 3, 0, 0.5, -0])
      expect(moments).toEqual({
        zeros: 2,
        nonFinite: 0,
        min: -2,
        max: 3,
        sum: 2.5,
        sumSquares: 14.25,
        sumFourth: 98.0625,
      })
    })

    test('leave out what is not finite, and count it', () => {
      const values = [Number.NaN, 2, Number.POSITIVE_INFINITY, -1, Number.NEGATIVE_INFINITY, 0]
      const { moments } = run(kernel, 1, 6, 'f32', values)
      expect(moments).toEqual({ zeros: 1, nonFinite: 3, min: -1, max: 2, sum: 1, sumSquares: 5, sumFourth: 17 })
    })

    test('know no least value where none is finite', () => {
      const { moments } = run(kernel, 1, 2, 'f32', [Number.NaN, Number.POSITIVE_INFINITY])
      expect([moments.min, moments.max]).toEqual([0, 0])
    })

    test('keep a range that is all negative', () => {
      const { moments } = run(kernel, 1, 3, 'bf16', [-3, -1, -2])
      expect([moments.min, moments.max]).toEqual([-3, -1])
    })

    test('keep a range that is all positive', () => {
      const { moments } = run(kernel, 1, 3, 'f16', [3, 1, 2])
      expect([moments.min, moments.max]).toEqual([1, 3])
    })

    test('say 0 and not −0 for a tensor of −0', () => {
      const { moments } = run(kernel, 1, 16, 'f32', new Array(16).fill(-0))
      expect([moments.zeros, moments.min, moments.max].map((value) => Object.is(value, -0))).toEqual([
        false,
        false,
        false,
      ])
    })

    test.each([1e15, 1e18, 3e38])('do not overflow at %f', (size) => {
      const value = Math.fround(size)
      const { moments } = run(kernel, 1, 5_000, 'f32', new Array(5_000).fill(value))
      expect(moments.sumFourth / (5_000 * value ** 4)).toBeCloseTo(1, 6)
    })

    test('do not vanish for tiny values', () => {
      const value = Math.fround(1e-30)
      const { moments } = run(kernel, 1, 100, 'f32', new Array(100).fill(value))
      expect(moments.sumSquares / (100 * value ** 2)).toBeCloseTo(1, 6)
    })

    test('keep f64 values exact', () => {
      const { moments } = run(kernel, 1, 2, 'f64', [0.1, 1e300])
      expect([moments.min, moments.max]).toEqual([0.1, 1e300])
    })

    test('keep i32 values exact', () => {
      const { moments } = run(kernel, 1, 2, 'i32', [2_147_483_647, -2_147_483_648])
      expect([moments.min, moments.max, moments.sum]).toEqual([-2_147_483_648, 2_147_483_647, -1])
    })
  })

  describe('encodings', () => {
    test('every half is read as what it stands for', () => {
      const finite = Array.from({ length: 65_536 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00)
      for (const bits of finite.filter((_, at) => at % 61 === 0)) {
        const tensor = kernel.start(1, 1, 'f16')
        new DataView(tensor.inlet.buffer, tensor.inlet.byteOffset).setUint16(0, bits, true)
        tensor.push(1)
        expect(tensor.finish().moments.sum + 0).toBe(halfOf(bits) + 0)
      }
    })

    test('halves that are not finite are counted', () => {
      const bits = [0x7c00, 0xfc00, 0x7e00, 0xfe01, 0x3c00, 0x3c00, 0x3c00, 0x3c00]
      const tensor = kernel.start(1, 8, 'f16')
      new Uint8Array(new Uint16Array(bits).buffer).forEach((byte, at) => {
        tensor.inlet[at] = byte
      })
      tensor.push(8)
      const { moments } = tensor.finish()
      expect([moments.nonFinite, moments.sum, moments.max]).toEqual([4, 4, 1])
    })

    test.each([
      ['i8', [-128, 127, 3]],
      ['u8', [0, 255, 3]],
      ['i16', [-32_768, 32_767, 3]],
      ['u16', [0, 65_535, 3]],
    ] as const)('%s covers its whole range', (element, values) => {
      const { moments } = run(kernel, 1, 3, element, values)
      expect([moments.min, moments.max]).toEqual([values[0], values[1]])
    })
  })

  describe('sketch', () => {
    test('of one element is σ(0)² times it', () => {
      expect([...run(kernel, 1, 1, 'f32', [3]).sketch]).toEqual([3])
    })

    test('has at most 64 rows and columns', () => {
      expect(run(kernel, 70, 3, 'f32', new Array(210).fill(1)).sketch.length).toBe(64 * 3)
    })

    test('puts weight (i, j) at (i mod 64, j mod 64) with sign σ(i)·σ(j)', () => {
      const values = new Float32Array(130 * 200)
      values[129 * 200 + 197] = 5
      const { sketch } = run(kernel, 130, 200, 'f32', values)
      expect(sketch[1 * 64 + 5]).toBe(5 * sign(129) * sign(197))
    })

    test('starts anew after 4,096 rows', () => {
      const rows = BLOCK_ROWS + 3
      const values = new Float32Array(rows * 2)
      values[2 * BLOCK_ROWS + 1] = 7
      const { sketch } = run(kernel, rows, 2, 'f32', values)
      expect([sketch.length, sketch[64 * 2 + 1]]).toEqual([2 * 64 * 2, 7 * sign(BLOCK_ROWS) * sign(1)])
    })

    test('counts non-finite values as 0', () => {
      expect([...run(kernel, 1, 2, 'f32', [Number.NaN, 2]).sketch]).toEqual([0, 2 * sign(0) * sign(1)])
    })

    test('holds sums beyond f32 at its ends', () => {
      expect(Math.abs(run(kernel, 1, 1, 'f64', [1e300]).sketch[0]!)).toBe(Math.fround(3.4028234663852886e38))
    })
  })

  describe('norms', () => {
    test('of rows and columns are Euclidean', () => {
      const { rowNorms, columnNorms } = run(kernel, 2, 2, 'f32', [3, 4, 0, 3])
      expect([...rowNorms, ...columnNorms]).toEqual([5, 3, 3, 5])
    })

    test('are kept for the first 4 Mi columns', () => {
      const columns = NORM_AXIS_LIMIT + 20_003
      const values = new Uint8Array(columns).fill(2)
      const { columnNorms, moments } = run(kernel, 1, columns, 'u8', values, CHUNK_BYTES)
      expect([columnNorms.length, columnNorms.at(-1), moments.sum]).toEqual([NORM_AXIS_LIMIT, 2, 2 * columns])
    })
  })

  describe('scaled integers', () => {
    test('are (stored − zero) · scale', () => {
      const tensor = kernel.start(1, 3, 'u8')
      tensor.inlet.set([128, 130, 0])
      tensor.pushScaled(3, 0.5, 128)
      const { moments } = tensor.finish()
      expect([moments.zeros, moments.min, moments.max]).toEqual([1, -64, 1])
    })

    test('are taken from where the run starts in the inlet', () => {
      const tensor = kernel.start(1, 4, 'i16')
      new Uint8Array(new Int16Array([10, 20, 30, -40]).buffer).forEach((byte, at) => {
        tensor.inlet[at] = byte
      })
      for (let at = 0; at < 4; at++) tensor.pushScaled(1, at + 1, 0, at)
      expect([...tensor.finish().columnNorms]).toEqual([10, 40, 90, 160])
    })

    test('of a scale that is no number are not finite', () => {
      const tensor = kernel.start(1, 9, 'i8')
      tensor.pushScaled(9, Number.NaN, 0)
      expect(tensor.finish().moments.nonFinite).toBe(9)
    })

    test('of 32 bits are rounded like the others', () => {
      const tensor = kernel.start(1, 1, 'i32')
      new DataView(tensor.inlet.buffer, tensor.inlet.byteOffset).setInt32(0, 16_777_217, true)
      tensor.pushScaled(1, 0.1, 0)
      expect(tensor.finish().moments.sum).toBe(Math.fround(16_777_216 * Math.fround(0.1)))
    })

    test('are refused for floating encodings', () => {
      expect(() => kernel.start(1, 1, 'bf16').pushScaled(1, 1, 0)).toThrow(RangeError)
    })
  })

  describe('bounds', () => {
    test('an empty tensor has an empty sketch', () => {
      expect(kernel.start(0, 5, 'f32').finish().sketch.length).toBe(0)
    })

    test('more elements than the tensor has are refused', () => {
      expect(() => kernel.start(1, 2, 'f32').push(3)).toThrow(RangeError)
    })

    test('more bytes than the inlet holds are refused', () => {
      expect(() => kernel.start(1, 1e9, 'f32').push(CHUNK_BYTES / 4 + 1)).toThrow(RangeError)
    })

    test('a run beyond the inlet is refused', () => {
      expect(() => kernel.start(1, 1e9, 'i8').pushScaled(2, 1, 0, CHUNK_BYTES - 1)).toThrow(RangeError)
    })

    test('an unfinished tensor has no result', () => {
      const tensor = kernel.start(1, 2, 'f32')
      tensor.push(1)
      expect(() => tensor.finish()).toThrow(RangeError)
    })

    test.each([
      [-1, 2],
      [1.5, 2],
      [2 ** 40, 2 ** 40],
    ])('a matrix of %d × %d is refused', (rows, columns) => {
      expect(() => kernel.start(rows, columns, 'f32')).toThrow(RangeError)
    })

    test('a tensor leaves nothing behind for the next one', () => {
      const once = run(kernel, 3, 100, 'f32', new Array(300).fill(0.25))
      run(kernel, 5_000, 70, 'f32', new Float32Array(350_000).fill(9))
      expect(run(kernel, 3, 100, 'f32', new Array(300).fill(0.25))).toEqual(once)
    })
  })
}

/** IEEE 754-2019, table 3.5 for binary16. */
function halfOf(bits: number): number {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25)
  return bits & 0x8000 ? -size : size
}
