import { describe, expect, it } from 'vitest'
import { transposedTensor, valueStream } from '../../src/identify/value-stream.ts'
import { readGguf } from '../../src/read/gguf.ts'
import { type ModelFile, permutedView, plainView, type StoredTensor } from '../../src/read/model-file.ts'
import { readFixture } from '../builders/fixtures.ts'
import { gaussians } from '../builders/models.ts'
import { encode } from '../builders/tensor.ts'
import { tensorValues } from '../builders/values.ts'

function streamed(file: ModelFile, tensor: StoredTensor): number[] {
  const next = valueStream(tensor, file.files)
  const values: number[] = []
  for (let chunk = next(); chunk !== null; chunk = next()) values.push(...chunk)
  return values
}

const nothing: ModelFile = { format: 'raw', files: [], tensors: [], findings: [] }

function inline(element: StoredTensor['element'], bytes: Uint8Array, view = plainView([6, 8])): StoredTensor {
  return { name: 'x', element, view, data: { kind: 'inline', bytes }, quantisation: null }
}

const int8 = (group: number[]): StoredTensor => {
  const count = (6 / group[0]!) * (8 / group[1]!)
  const scales = Float32Array.from({ length: count }, (_, k) => 2 ** -k)
  const zeroPoints = Float32Array.from({ length: count }, (_, k) => k)
  return {
    ...inline(
      'i8',
      Uint8Array.from({ length: 48 }, (_, k) => k * 5),
    ),
    quantisation: { kind: 'affine', scheme: 'int8', bits: 8, group, scales, zeroPoints },
  }
}

describe('the values of a tensor', () => {
  it.each(['f64', 'f32', 'f16', 'bf16'] as const)('are read from %s', (element) => {
    const tensor = inline(element, encode(gaussians(1, 48), element))
    expect(streamed(nothing, tensor)).toEqual([...tensorValues(nothing, tensor)])
  })

  it.each([
    { what: 'one scale', group: [6, 8] },
    { what: 'a scale a row', group: [1, 8] },
    { what: 'a scale for parts of rows', group: [2, 4] },
  ])('are read from integers with $what', ({ group }) => {
    const tensor = int8(group)
    expect(streamed(nothing, tensor)).toEqual([...tensorValues(nothing, tensor)].map(Math.fround))
  })

  it.each(['Q8_0', 'Q4_K', 'Q5_1'])('are read from %s blocks', (scheme) => {
    const file = readFixture(readGguf, `test/fixtures/gguf/${scheme}.gguf`)
    const tensor = file.tensors.find(({ name }) => name === 'blocks')!
    expect(streamed(file, tensor)).toEqual([...tensorValues(file, tensor)])
  })

  it('come in the order of the view', () => {
    const tensor = inline('f32', encode(gaussians(1, 48), 'f32'), permutedView([8, 6], [1, 0]))
    expect(streamed(nothing, tensor)).toEqual([...tensorValues(nothing, tensor)])
  })
})

describe('a transposed tensor', () => {
  it.each([
    { what: 'floats', tensor: inline('f32', encode(gaussians(2, 48), 'f32')) },
    { what: 'integers with a scale for parts of rows', tensor: int8([2, 4]) },
    { what: 'integers with a scale a row', tensor: int8([1, 8]) },
  ])('of $what has its values column by column', ({ tensor }) => {
    const plain = streamed(nothing, tensor)
    const turned = Array.from({ length: 48 }, (_, at) => plain[(at % 6) * 8 + Math.floor(at / 6)])
    expect(streamed(nothing, transposedTensor(tensor)!)).toEqual(turned)
  })

  it('of a convolution keeps the order within its columns', () => {
    const tensor = inline('f32', encode(gaussians(3, 48), 'f32'), plainView([4, 3, 2, 2]))
    const plain = streamed(nothing, tensor)
    const turned = Array.from({ length: 48 }, (_, at) => plain[(at % 4) * 12 + Math.floor(at / 4)])
    expect(streamed(nothing, transposedTensor(tensor)!)).toEqual(turned)
  })

  it('of blocks along the rows cannot be read', () => {
    const file = readFixture(readGguf, 'test/fixtures/gguf/Q8_0.gguf')
    expect(transposedTensor(file.tensors.find(({ name }) => name === 'blocks')!)).toBeNull()
  })
})
