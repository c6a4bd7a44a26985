import fc from 'fast-check'
import type { AffineQuantisation } from '../../src/read/model-file.ts'

/** How many scales a tensor of this shape has. */
export function scaleCount(shape: readonly number[], group: readonly number[]): number {
  return shape.reduce((product, size, axis) => product * Math.ceil(size / group[axis]!), 1)
}

export function affine(group: number[], scales: number[], zeroPoints: number[] | null = null): AffineQuantisation {
  return {
    kind: 'affine',
    scheme: 'int8',
    bits: 8,
    group,
    scales: Float32Array.from(scales),
    zeroPoints: zeroPoints && Float32Array.from(zeroPoints),
  }
}

/** A shape of int8, and scales for blocks of any size along any of its axes, the last of them cut off. */
export const quantisations: fc.Arbitrary<{ shape: number[]; quantisation: AffineQuantisation }> = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 7 }), group: fc.integer({ min: 1, max: 8 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((axes) => {
    const shape = axes.map(({ size }) => size)
    const group = axes.map(({ size, group }) => Math.min(size, group))
    const count = scaleCount(shape, group)
    const exactly = { minLength: count, maxLength: count }
    return fc.record({
      shape: fc.constant(shape),
      quantisation: fc
        .tuple(
          fc.array(fc.integer({ min: 1, max: 1_000 }), exactly),
          fc.option(fc.array(fc.integer({ min: -128, max: 127 }), exactly)),
        )
        .map(([scales, zeros]) => affine(group, scales, zeros)),
    })
  })
