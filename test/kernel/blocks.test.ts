import { describe, expect, it, test } from 'vitest'
import { BLOCK_LAYOUTS, type BlockScheme } from '../../src/contract/block-scheme.ts'
import { decodeBlocks } from '../../src/kernel/blocks.ts'
import { CHUNK_BYTES, type Kernel, type KernelEncoding, type RunResult } from '../../src/kernel/kernel.ts'
import { loadKernel } from '../../src/kernel/load.ts'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { putScale, randomBlocks } from './block-fixture.ts'

const wasm = loadKernel()
const SCHEMES = Object.keys(BLOCK_LAYOUTS) as BlockScheme[]

function run(kernel: Kernel, rows: number, columns: number, encoding: KernelEncoding, bytes: Uint8Array): RunResult {
  const tensor = kernel.start(rows, columns, encoding)
  const width = bytes.length / (rows * columns)
  // a piece is whole blocks of every scheme and not a whole number of rows
  const piece = 256 * 7
  for (let at = 0; at < rows * columns; at += piece) {
    const count = Math.min(piece, rows * columns - at)
    tensor.inlet.set(bytes.subarray(at * width, (at + count) * width))
    tensor.push(count)
  }
  return tensor.finish()
}

const floatsOf = (scheme: BlockScheme, bytes: Uint8Array, elements: number): Uint8Array => {
  const values = new Float32Array(elements)
  decodeBlocks(scheme, bytes, values)
  return new Uint8Array(values.buffer)
}

it('the wasm kernel is built', () => {
  expect(wasm.name).toBe('wasm')
})

describe.each([wasm, plainKernel])('the $name kernel', (kernel) => {
  describe.each(SCHEMES)('on %s', (scheme) => {
    const [rows, columns] = [70, 768]
    const blocks = randomBlocks(scheme, rows * columns)

    test('finds just what it finds in the values of the blocks', () => {
      const { step: _, ...found } = run(kernel, rows, columns, scheme, blocks)
      const { step: __, ...expected } = run(kernel, rows, columns, 'f32', floatsOf(scheme, blocks, rows * columns))
      expect(found).toEqual(expected)
    })

    test('tells the root mean square step', () => {
      const squares = decodeBlocks(scheme, blocks, new Float32Array(rows * columns))
      const { step } = run(kernel, rows, columns, scheme, blocks)
      expect(step! / Math.sqrt(squares / (rows * columns))).toBeCloseTo(1, 9)
    })

    test('counts the values of a block without a finite scale', () => {
      if (scheme === 'MXFP4') return expect(BLOCK_LAYOUTS[scheme].bytes).toBe(17)
      const spoilt = blocks.slice()
      putScale(scheme, spoilt, 0, 0x7e00)
      expect(run(kernel, rows, columns, scheme, spoilt).moments.nonFinite).toBe(BLOCK_LAYOUTS[scheme].elements)
    })
  })

  test('counts the values of a block whose minimum alone is not finite', () => {
    const block = randomBlocks('Q4_1', 32)
    block.set([0, 0, 0, 0x7c])
    expect(run(kernel, 1, 32, 'Q4_1', block).moments.nonFinite).toBe(32)
  })

  test('says no step of plain elements', () => {
    expect(run(kernel, 1, 256, 'f32', new Uint8Array(1024)).step).toBeNull()
  })

  test.each([
    ['a row of half a block', () => kernel.start(1, 16, 'Q8_0')],
    ['half a block pushed', () => kernel.start(1, 64, 'Q8_0').push(16)],
    ['more than the tensor has', () => kernel.start(1, 32, 'IQ4_NL').push(64)],
    ['more than the inlet holds', () => kernel.start(1, 2 ** 22, 'Q8_0').push(32 * Math.ceil(CHUNK_BYTES / 34))],
    ['a scale for blocks', () => kernel.start(1, 32, 'Q8_0').pushScaled(32, 1, 0)],
  ])('refuses %s', (_, act) => {
    expect(act).toThrow(RangeError)
  })
})

test.each(['Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0', 'TQ1_0', 'TQ2_0'] as const)(
  'the step of %s is the scale of its block',
  (scheme) => {
    const { elements } = BLOCK_LAYOUTS[scheme]
    const block = randomBlocks(scheme, elements)
    putScale(scheme, block, 0, 0x3800)
    expect(decodeBlocks(scheme, block, new Float32Array(elements))).toBe(elements * 0.5 ** 2)
  },
)

test.each([
  ['Q2_K', 0],
  ['Q4_K', 4],
  ['Q5_K', 4],
] as const)('a part of a %s block with scale 0 has no step', (scheme, scales) => {
  const block = randomBlocks(scheme, 256)
  block.fill(0, scales, scales + 12)
  if (scheme === 'Q2_K') block.fill(0, 0, 16)
  expect(decodeBlocks(scheme, block, new Float32Array(256))).toBe(0)
})
