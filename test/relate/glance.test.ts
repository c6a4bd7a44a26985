import { describe, expect, it } from 'vitest'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { compare } from '../../src/relate/comparison.ts'
import { decodeFine, decodeGlance, encodeFine, encodeGlance, fineCellsOf, glanceOf } from '../../src/relate/glance.ts'
import { differenceAtAGlance, similarityAtAGlance } from '../../src/relate/nearness.ts'
import { lookOf, pairingOf, queryOf } from '../../src/relate/screening.ts'
import { subjectOf } from '../../src/relate/subject.ts'
import { fineTuned } from '../builders/model-operations.ts'
import { convolutional, type Model, printed, transformer } from '../builders/models.ts'

const subject = (model: Model) => subjectOf(printed(model))
const lookAt = (model: Model) => lookOf(glanceOf(subject(model)), fineCellsOf(subject(model)))

describe('a glance', () => {
  it.each([{ model: transformer(1) }, { model: convolutional(2) }])('is the same after it was stored', ({ model }) => {
    const [glance, fine] = [glanceOf(subject(model)), fineCellsOf(subject(model))]
    expect(decodeGlance(glance.id, encodeGlance(glance))).toEqual(glance)
    expect(decodeFine(encodeFine(fine))).toEqual(fine)
  })

  it('is read from bytes wherever they lie', () => {
    const glance = glanceOf(subject(transformer(1)))
    const bytes = encodeGlance(glance)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    expect(decodeGlance(glance.id, shifted.subarray(1))).toEqual(glance)
  })

  it('is not read from other bytes', () => {
    expect(decodeGlance('blake3:0', new Uint8Array(100))).toBeNull()
    expect(decodeFine(new Uint8Array(100))).toBeNull()
  })

  // 17 matrices of 256 cells: each distance is estimated to 1/√512, their mean to about 2 %
  it.each([0.0005, 0.005, 0.05, 0.5])('shows how far a fine-tune of %s is', (size) => {
    const base = transformer(1)
    const tuned = fineTuned(base, 7, size)
    const pairing = pairingOf(queryOf(lookAt(base)), lookAt(tuned), plainKernel)
    const { difference, similarity } = compare(subject(base), subject(tuned))
    expect(Math.abs(differenceAtAGlance(pairing) / difference - 1)).toBeLessThan(0.15)
    expect(Math.abs(similarityAtAGlance(pairing) - similarity)).toBeLessThan(0.03)
  })
})
