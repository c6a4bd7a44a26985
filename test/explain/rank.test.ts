import { describe, expect, it } from 'vitest'
import { rankOfChange } from '../../src/explain/rank.ts'
import { differenceOf } from '../../src/explain/weights.ts'
import { roundTo } from '../../src/kernel/exact.ts'
import { adapted, inPieces } from '../builders/adapted.ts'
import { gaussians } from '../builders/models.ts'

const DIGITS = { bf16: 8, f16: 11, f32: 24 } as const

interface Case {
  rows: number
  columns: number
  rank: number | null
  size: number
  type: keyof typeof DIGITS
}

function rankSeen(seed: number, change: Case): number | null {
  const { before, after } = adapted(seed, change)
  const { rows, columns } = change
  const squares: [number, number] = [sumOf(before), sumOf(after)]
  const known = { rows, columns, squares, withSketch: true }
  const { sketch } = differenceOf(inPieces(before), inPieces(after), known)
  return rankOfChange(sketch!, squares[1] * (0.42 * 2 ** -DIGITS[change.type]) ** 2)
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}

const RANKS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 40, 47, 48]

describe('the rank of a change', () => {
  it.each([
    { rows: 256, columns: 320, type: 'bf16', size: 0.01 },
    { rows: 256, columns: 320, type: 'bf16', size: 0.2 },
    { rows: 256, columns: 320, type: 'f16', size: 0.05 },
    { rows: 256, columns: 320, type: 'f32', size: 0.01 },
    { rows: 64, columns: 64, type: 'f32', size: 0.01 },
    { rows: 64, columns: 64, type: 'f32', size: 0.2 },
    { rows: 700, columns: 600, type: 'bf16', size: 0.01 },
  ] as const)('is found for $rows × $columns in $type, a change of $size', (shape) => {
    const seen = RANKS.map((rank) => rankSeen(rank, { ...shape, rank }))
    expect(seen).toEqual(RANKS)
  })

  it.each([
    { rows: 256, columns: 320, type: 'bf16', size: 0.01 },
    { rows: 64, columns: 64, type: 'f32', size: 0.01 },
    { rows: 600, columns: 64, type: 'f32', size: 0.2 },
  ] as const)('is not given to a dense change of $rows × $columns in $type', (shape) => {
    const seen = Array.from({ length: 20 }, (_, seed) => rankSeen(seed * 31, { ...shape, rank: null }))
    expect(seen.filter((rank) => rank !== null)).toEqual([])
  })

  it('is not given to rounding alone', () => {
    const before = gaussians(5, 256 * 256)
    const after = before.map((value) => roundTo(value, 'bf16'))
    const known = {
      rows: 256,
      columns: 256,
      squares: [sumOf(before), sumOf(after)] as [number, number],
      withSketch: true,
    }
    const { sketch } = differenceOf(inPieces(before), inPieces(after), known)
    expect(rankOfChange(sketch!, sumOf(after) * (0.42 * 2 ** -8) ** 2)).toBeNull()
  })

  it('beyond 48 is taken for dense', () => {
    expect(rankSeen(6, { rows: 256, columns: 256, rank: 64, size: 0.05, type: 'f32' })).toBeNull()
  })
})
