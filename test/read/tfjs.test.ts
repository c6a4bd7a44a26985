import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelFile } from '../../src/read/model-file.ts'
import { looksLikeTfjs } from '../../src/read/tfjs.ts'
import { readParts, type TfjsParts, type WeightParts } from '../builders/tfjs.ts'
import { tensorValues } from '../builders/values.ts'

const floats = (...values: number[]) => new Uint8Array(new Float32Array(values).buffer)
const head = (json: object) => new TextEncoder().encode(JSON.stringify(json)).slice(0, 4_096)

function allValues(file: ModelFile): [string, number[]][] {
  return file.tensors.map((tensor) => [tensor.name, [...tensorValues(file, tensor)]])
}

/** The values of the one weight that stands in `bytes`. */
function stored(weight: Partial<WeightParts>, bytes: ArrayLike<number>): number[] {
  const file = readParts({ weights: [{ name: 'w', shape: [2], ...weight }], shards: [Uint8Array.from(bytes)] })
  return [...tensorValues(file, file.tensors[0]!)]
}

describe('a model.json is recognised', () => {
  it('by its topology, though the manifest stands megabytes further on', () => {
    expect(looksLikeTfjs('model.json', head({ modelTopology: { node: Array(9_999).fill(0) } }))).toBe(true)
  })

  it('by its format', () => {
    expect(looksLikeTfjs('any.JSON', head({ format: 'graph-model', userDefinedMetadata: {} }))).toBe(true)
  })

  it('not when it is another JSON file', () => {
    expect(looksLikeTfjs('model.json', head({ model: 'bert', weights: [] }))).toBe(false)
  })

  it('not when it is no JSON file', () => {
    expect(looksLikeTfjs('model.js', head({ modelTopology: {} }))).toBe(false)
  })
})

describe('weights', () => {
  it('stand one after the other, whatever their size', () => {
    const file = readParts({
      weights: [
        { name: 'a', shape: [1], dtype: 'uint8' },
        { name: 'b', shape: [2] },
        { name: 'c', shape: [], dtype: 'int32' },
      ],
      shards: [Uint8Array.of(7, ...floats(1, 2), 9, 0, 0, 0)],
    })
    expect(allValues(file)).toEqual([
      ['a', [7]],
      ['b', [1, 2]],
      ['c', [9]],
    ])
  })

  it('are named in files, after the model.json', () => {
    const file = readParts({ weights: [{ name: 'a', shape: [1] }], shards: [floats(1)] })
    expect(file.files.map((source) => source.path)).toEqual(['model.json', 'shard1.bin'])
  })

  it('that straddle shards have a range in each', () => {
    const bytes = floats(1, 2, 3, 4)
    const weights = [{ name: 'a', shape: [4] }]
    const file = readParts({ weights, shards: [bytes.slice(0, 6), bytes.slice(6, 7), bytes.slice(7)] })
    expect(file.tensors[0]?.data).toEqual({
      kind: 'ranges',
      ranges: [
        { file: 1, offset: 0, length: 6 },
        { file: 2, offset: 0, length: 1 },
        { file: 3, offset: 0, length: 9 },
      ],
    })
  })

  it('are the same however the bytes are cut into shards', () => {
    const bytes = floats(...Array(12).keys())
    const weights = [
      { name: 'a', shape: [3] },
      { name: 'b', shape: [4, 2] },
      { name: 'c', shape: [1] },
    ]
    const whole = allValues(readParts({ weights, shards: [bytes] }))
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const shards = ends.slice(1).map((end, index) => bytes.slice(ends[index], end))
        expect(allValues(readParts({ weights, shards }))).toEqual(whole)
      }),
    )
  })

  it('of several groups each begin in their own shards', () => {
    const group = (name: string, path: string) => ({ paths: [path], weights: [{ name, shape: [1], dtype: 'float32' }] })
    const more = { weightsManifest: [group('a', 'shard2.bin'), group('b', 'shard1.bin')] }
    expect(allValues(readParts({ weights: [], shards: [floats(1), floats(2)], more }))).toEqual([
      ['a', [2]],
      ['b', [1]],
    ])
  })

  it('of two groups may stand in one file, which is opened once', () => {
    const group = (name: string) => ({ paths: ['shard1.bin'], weights: [{ name, shape: [1], dtype: 'float32' }] })
    const file = readParts({ weights: [], shards: [floats(1)], more: { weightsManifest: [group('a'), group('b')] } })
    expect(file.files).toHaveLength(2)
  })

  it('that are strings are passed over, and what follows them is found', () => {
    const string = (text: string) => [text.length, 0, 0, 0, ...new TextEncoder().encode(text)]
    const file = readParts({
      weights: [
        { name: 'labels', shape: [3], dtype: 'string' },
        { name: 'w', shape: [1] },
      ],
      shards: [Uint8Array.of(...string('cat'), ...string(''), ...string('horse'), ...floats(5))],
    })
    expect(allValues(file)).toEqual([['w', [5]]])
  })

  it('without elements are passed over', () => {
    const file = readParts({ weights: [{ name: 'none', shape: [0, 3] }], shards: [new Uint8Array()] })
    expect(file.tensors).toEqual([])
  })
})

describe('a weight stored as', () => {
  it('bool', () => expect(stored({ dtype: 'bool' }, [0, 1])).toEqual([0, 1]))

  it('float16', () => {
    expect(stored({ quantization: { dtype: 'float16', original_dtype: 'float32' } }, [0, 0x3c, 0, 0xc0])).toEqual([
      1, -2,
    ])
  })

  it('complex64 is seen as pairs', () => {
    expect(stored({ dtype: 'complex64', shape: [1] }, floats(3, 4))).toEqual([3, 4])
  })

  it('uint8 has the values stored · scale + min', () => {
    expect(stored({ quantization: { dtype: 'uint8', scale: 0.5, min: -1 } }, [0, 255])).toEqual([-1, 126.5])
  })

  it('uint16 has the values stored · scale + min', () => {
    expect(stored({ quantization: { dtype: 'uint16', scale: 2, min: 0 } }, [1, 0, 0, 1])).toEqual([2, 512])
  })

  it('uint8 says so by its scheme', () => {
    const weights = [{ name: 'w', shape: [1], quantization: { dtype: 'uint8', scale: 1, min: 0 } }]
    const { quantisation } = readParts({ weights, shards: [new Uint8Array(1)] }).tensors[0]!
    expect(quantisation).toMatchObject({ scheme: 'uint8', bits: 8, zeroPoints: null })
  })
})

it('a model without a topology is read by the names of its variables', () => {
  const parts: TfjsParts = { weights: [{ name: 'd/kernel', shape: [2, 3] }], shards: [floats(1, 2, 3, 4, 5, 6)] }
  expect(readParts({ ...parts, topology: null }).tensors[0]?.view.shape).toEqual([3, 2])
})
