import fc from 'fast-check'
import { expect, it } from 'vitest'
import { looksLikeGgml, readGgml } from '../../src/read/ggml.ts'
import { ReadError } from '../../src/read/read-error.ts'
import { memorySource } from '../../src/read/source.ts'
import { type GgmlParts, ggmlFile } from '../builders/ggml.ts'
import { counting } from '../builders/gguf.ts'
import { problemOf } from '../builders/problems.ts'
import { unsoundness } from '../builders/soundness.ts'
import { tensorValues } from '../builders/values.ts'

const read = (parts: GgmlParts) => readGgml(memorySource('ggml.bin', ggmlFile(parts)))
const q5 = { name: 'q', shape: [1, 32], type: 6, data: new Uint8Array(22) }
const numbers = (last: number) => [300, 10, 8, 2, 1, 10, 8, 2, 1, 4, last]

it('is recognised by its magic number', () => {
  expect(looksLikeGgml('x', ggmlFile({}))).toBe(true)
})

it('reads tensors that stand one after the other', () => {
  const file = read({ tensors: [counting('a', [2, 3]), counting('b', [4])] })
  expect([...tensorValues(file, file.tensors[2]!)]).toEqual([0, 1, 2, 3])
})

it('turns ggml’s numbers of elements round', () => {
  expect(read({ tensors: [counting('conv', [4, 3, 2])] }).tensors[1]?.view.shape).toEqual([4, 3, 2])
})

it('lists the mel filters', () => {
  expect(read({}).tensors).toMatchObject([{ name: 'mel_filters', view: { shape: [4, 5] } }])
})

it('reads blocks of today’s layout', () => {
  expect(read({ numbers: numbers(2_008), tensors: [q5] }).tensors[1]?.quantisation).toMatchObject({ scheme: 'Q5_0' })
})

it('tells a type that is not read, and reads on', () => {
  const file = read({ tensors: [{ name: 'x', shape: [256], type: 16, data: new Uint8Array(66) }, counting('b', [4])] })
  expect([file.tensors.at(-1)?.name, file.findings[0]?.code]).toEqual(['b', 'unsupported-tensor-type'])
})

it.each([
  ['blocks of an older layout', { numbers: numbers(8), tensors: [q5] }, 'unsupported'],
  ['an older kind of file', { magic: 'tjgg' }, 'unsupported'],
  ['another network than Whisper', { numbers: [32_000, 4_096, 32, 32, 128, 1, 7, 3, 0, 0, 0] }, 'unsupported'],
  ['filters that are not those of the header', { filters: [5, 5] as [number, number] }, 'unsupported'],
  ['a tensor of unknown size', { tensors: [{ ...q5, type: 999 }] }, 'unsupported'],
  ['a tensor of five axes', { tensors: [counting('a', [1, 1, 1, 1, 1])] }, 'limit'],
  ['a tensor longer than the file', { tensors: [{ ...q5, shape: [1 << 20, 32] }] }, 'truncated'],
])('refuses %s', (_, parts, code) => {
  expect(problemOf(() => read({ numbers: numbers(2_008), ...parts }))).toMatchObject({ code })
})

it('any file cut short or changed anywhere is refused or sound', () => {
  const whole = ggmlFile({ numbers: numbers(2_008), tensors: [counting('a', [2, 3]), q5] })
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), length: fc.nat(whole.length) })
  fc.assert(
    fc.property(change, ({ at, byte, length }) => {
      const bytes = whole.slice(0, length)
      if (at < length) bytes[at] = byte
      try {
        expect(unsoundness(readGgml(memorySource('ggml.bin', bytes)))).toEqual([])
      } catch (error) {
        if (!(error instanceof ReadError)) throw error
      }
    }),
    { numRuns: 1_000 },
  )
})
