import { describe, expect, it } from 'vitest'
import { couldHide, gridResidual, toleranceOf } from '../../src/explain/tolerance.ts'
import { reproduceIntegers, reproduceRounding, reproduceRows, type StoredInteger } from '../../src/explain/verify.ts'
import { roundTo } from '../../src/kernel/exact.ts'
import { inPieces } from '../builders/adapted.ts'
import { gaussians } from '../builders/models.ts'

const values = gaussians(1, 6_000)
const scale = 0.03

function integers(round: (value: number) => number, from = values): () => StoredInteger | null {
  let at = 0
  return () => (at < from.length ? { code: round(Math.fround(from[at++]! / scale)) + 3, scale, zero: 3 } : null)
}

const away = (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5)

describe('integers', () => {
  it('of nearest steps are made anew, whatever is done with halves', () => {
    const ties = values.map((value) => (Math.round(value / scale) + 0.5) * scale)
    const found = reproduceIntegers(inPieces(ties, 7), integers(away, ties), { least: -128, most: 127 })
    expect(found.equal / found.total).toBeGreaterThan(0.99)
  })

  it('of other weights are not', () => {
    const found = reproduceIntegers(inPieces(gaussians(2, 6_000)), integers(Math.round), { least: -128, most: 127 })
    expect(found.equal / found.total).toBeLessThan(0.05)
  })

  it('are cut off at the range of their type', () => {
    const wide = values.map((value) => 100 * value)
    const cut = integers((value) => Math.max(-131, Math.min(124, away(value))), wide)
    const found = reproduceIntegers(inPieces(wide), cut, { least: -128, most: 127 })
    expect([found.unit, found.equal]).toEqual(['values', found.total])
  })
})

it('rows of LLM.int8 are made anew from binary16 weights', () => {
  const halves = values.map((value) => roundTo(value, 'f16'))
  const stored = halves.map((value, at) => {
    const row = halves.subarray(Math.floor(at / 100) * 100, Math.floor(at / 100) * 100 + 100)
    const most = Math.max(...row.map(Math.abs))
    return Math.fround(Math.round((value * 127) / most) * Math.fround(most / 127))
  })
  const found = reproduceRows(inPieces(values), inPieces(stored, 33), 100)
  expect([found.equal, found.total, found.through]).toEqual([60, 60, 'f16'])
})

it.each(['bf16', 'f16', 'f32'] as const)('%s values are the parent’s rounded to nearest', (type) => {
  const rounded = values.map((value) => roundTo(value, type))
  const found = reproduceRounding(inPieces(values), inPieces(rounded), type)
  expect(found.equal).toBe(found.total)
})

describe('the distance from a parent, in units of the grid', () => {
  const rounded = values.map((value) => Math.round(value / scale) * scale)
  const size = { rows: 60, columns: 100 }

  it('is one for values rounded to its steps', () => {
    expect(gridResidual(inPieces(values), inPieces(rounded, 41), size, scale).plain).toBeCloseTo(1, 1)
  })

  it('stays one after a factor for each column was moved elsewhere', () => {
    const factor = (at: number) => 1 + (at % 100) / 20
    const moved = values.map((value, at) => Math.round((value * factor(at)) / scale) * scale)
    const { plain, fitted } = gridResidual(inPieces(values), inPieces(moved), size, scale)
    expect([plain > 10, Math.abs(fitted - 1) < 0.1]).toEqual([true, true])
  })

  it('is no less than what a change before rounding would add', () => {
    const tolerance = toleranceOf('Q4_K')!
    // squares of independent errors add up: e² · residual² + hidden² = e² · most²
    const hidden = couldHide(0.9, tolerance, 0.07)
    expect(Math.hypot(0.07 * 0.9, hidden)).toBeCloseTo(0.07 * tolerance.most, 12)
  })

  it('is not judged for schemes that were not calibrated', () => {
    expect(['nf4', 'mlx-int4', 'Q8_0'].map(toleranceOf)).toEqual([null, null, null])
  })
})
