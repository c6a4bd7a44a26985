import { expect, it } from 'vitest'
import { runTask } from '../../src/identify/file-pass.ts'
import { planTasks, tensorsInPlace } from '../../src/identify/plan.ts'
import type { TensorPrint } from '../../src/identify/print.ts'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { blocksOf } from '../../src/read/ggml-types.ts'
import { type ModelFile, plainView, type StoredTensor } from '../../src/read/model-file.ts'
import { halvesOfHeads } from '../../src/read/rotary-order.ts'
import { memorySource } from '../../src/read/source.ts'
import { randomBlocks } from '../kernel/block-fixture.ts'

const [ROWS, COLUMNS, HEADS] = [16, 96, 2]
const ROW_BYTES = (COLUMNS / 32) * 34
const stored = randomBlocks('Q8_0', ROWS * COLUMNS)

const tensor = (data: StoredTensor['data'], changes: Partial<StoredTensor> = {}): StoredTensor => ({
  name: 'w',
  element: 'u8',
  view: plainView([ROWS, COLUMNS]),
  data,
  quantisation: blocksOf('Q8_0'),
  ...changes,
})

const inFile = (changes: Partial<StoredTensor> = {}): ModelFile => ({
  format: 'gguf',
  files: [memorySource('m', stored)],
  tensors: [tensor({ kind: 'ranges', ranges: [{ file: 0, offset: 0, length: stored.length }] }, changes)],
  findings: [],
})

const printOf = (file: ModelFile): TensorPrint => {
  const results = planTasks(file, 0).map((task) => runTask(plainKernel, file, task, () => {}))
  return results.flatMap(({ prints }) => [...prints.values()])[0]!
}

const permuted = halvesOfHeads(plainView([ROWS, COLUMNS]), HEADS)!

/** The rows as `permuted` shows them, truly in that order. */
const reordered = () => {
  const half = ROWS / HEADS / 2
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const within = row % (2 * half)
    const from = row - within + 2 * (within % half) + Math.floor(within / half)
    return stored.subarray(from * ROW_BYTES, (from + 1) * ROW_BYTES)
  })
  return new Uint8Array(Buffer.concat(rows))
}

it('blocks in a file’s own order are printed while it is hashed', () => {
  expect(tensorsInPlace(inFile(), 0)).toEqual([{ index: 0, offset: 0, length: stored.length }])
})

it('blocks have no exact type and no float digest', () => {
  expect(printOf(inFile())).toMatchObject({ exact: null, encoding: { scheme: 'Q8_0', bits: 8.5 }, standing: 'weight' })
})

it('rows that change places are printed as if they stood so', () => {
  const inOrder = { ...inFile(), tensors: [tensor({ kind: 'inline', bytes: reordered() })] }
  expect(printOf(inFile({ view: permuted }))).toEqual(printOf(inOrder))
})

it('the digest is of the order of the rows, too', () => {
  expect(printOf(inFile({ view: permuted })).digest).not.toBe(printOf(inFile()).digest)
})

it('equal bytes of another scheme are another tensor', () => {
  const view = plainView([ROWS, COLUMNS])
  const q4 = inFile({ quantisation: blocksOf('Q4_0'), view })
  const iq4 = inFile({ quantisation: blocksOf('IQ4_NL'), view })
  expect(printOf(q4).digest).not.toBe(printOf(iq4).digest)
})

it('the step is the root mean square of the scales', () => {
  const scales = Array.from({ length: stored.length / 34 }, (_, block) => {
    const half = stored[34 * block]! | (stored[34 * block + 1]! << 8)
    return 2 ** (((half >> 10) & 31) - 25) * (1_024 + (half & 1_023))
  })
  const mean = scales.reduce((sum, scale) => sum + scale * scale, 0) / scales.length
  expect(printOf(inFile()).encoding?.step).toBeCloseTo(Math.sqrt(mean), 12)
})
