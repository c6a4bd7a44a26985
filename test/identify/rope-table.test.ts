import { expect, it } from 'vitest'
import { isRopeTable } from '../../src/identify/rope-table.ts'

const moments = { zeros: 0, nonFinite: 0, min: 1, max: 8, sum: 0, sumSquares: 0, sumFourth: 0 }

it.each([
  ['rope_freqs.weight', { rows: 1, columns: 64 }, moments, true],
  ['rope_factors_long.weight', { rows: 1, columns: 48 }, moments, true],
  ['blk.0.attn_norm.weight', { rows: 1, columns: 64 }, moments, false],
  ['rope_freqs.weight', { rows: 64, columns: 64 }, moments, false],
  ['rope_freqs.weight', { rows: 1, columns: 4_096 }, moments, false],
  ['rope_freqs.weight', { rows: 1, columns: 64 }, { ...moments, min: -1 }, false],
])('%s of %j: %#', (name, matrix, found, expected) => {
  expect(isRopeTable(name, matrix, found)).toBe(expected)
})
