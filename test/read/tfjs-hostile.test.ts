import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReadError } from '../../src/read/read-error.ts'
import { memorySource } from '../../src/read/source.ts'
import { readTfjs } from '../../src/read/tfjs.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { unsoundness } from '../builders/soundness.ts'
import { graph, modelJson, readParts, type TfjsParts, type WeightParts } from '../builders/tfjs.ts'

const refused = (parts: TfjsParts) => problemOf(() => readParts(parts))
const weight = (parts: object) =>
  refused({ weights: [{ name: 'w', shape: [2], ...parts } as WeightParts], shards: [new Uint8Array(8)] })
const manifest = (weightsManifest: unknown) => refused({ weights: [], shards: [], more: { weightsManifest } })
const json = (text: string) =>
  problemOf(() => readTfjs(memorySource('model.json', new TextEncoder().encode(text)), memorySiblings({})))

describe('shards', () => {
  it('that are not there', () => {
    expect(manifest([{ paths: ['gone.bin'], weights: [] }])).toMatchObject({
      code: 'missing-file',
      values: { name: 'gone.bin' },
    })
  })

  it('outside the folder of the model are refused', () => {
    expect(manifest([{ paths: ['../../etc/passwd'], weights: [] }])).toMatchObject({ code: 'unsafe-path' })
  })

  it('cut at any byte are refused, with the name of the last and what it should have', () => {
    const problems = Array.from({ length: 8 }, (_, size) =>
      refused({ weights: [{ name: 'w', shape: [3] }], shards: [new Uint8Array(4), new Uint8Array(size)] }),
    )
    expect(problems).toEqual(
      problems.map((_, size) => ({ path: 'shard2.bin', code: 'truncated', values: { what: 'w', need: 8, size } })),
    )
  })

  it('that a group does not name at all are truncated', () => {
    expect(manifest([{ paths: [], weights: [{ name: 'w', shape: [1], dtype: 'float32' }] }])).toMatchObject({
      code: 'truncated',
    })
  })

  it('that were never fetched are refused as git-LFS pointers', () => {
    const pointer = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 99\n')
    expect(refused({ weights: [], shards: [pointer] })).toMatchObject({ code: 'lfs-pointer', values: { bytes: 99 } })
  })

  it('are closed when the model is refused', () => {
    const closed: string[] = []
    problemOf(() =>
      readParts({ weights: [{ name: 'w', shape: [9] }], shards: [new Uint8Array(4), new Uint8Array(4)] }, closed),
    )
    expect(closed).toEqual(['shard1.bin', 'shard2.bin'])
  })

  it('in numbers that no model has are refused before one is opened', () => {
    expect(manifest([{ paths: Array(5_000).fill('x.bin'), weights: [] }])).toMatchObject({
      code: 'limit',
      values: { what: 'shards' },
    })
  })
})

describe('the manifest is refused', () => {
  it.each([
    [undefined],
    [null],
    [{}],
    ['x'],
    [[null]],
    [[{}]],
    [[{ paths: [1], weights: [] }]],
    [[{ paths: [], weights: [7] }]],
  ])('when it is %j', (value) => {
    expect(manifest(value)).toMatchObject({ code: 'malformed' })
  })

  it.each([[-1], [1.5], [2 ** 60], [null], ['3'], [[2]]])('when an axis is %j long', (length) => {
    expect(weight({ shape: [length] })).toMatchObject({ code: 'malformed' })
  })

  it('when a shape has more elements than any disk holds', () => {
    expect(weight({ shape: [2 ** 31, 2 ** 31] })).toMatchObject({ code: 'limit' })
  })

  it('when a shape has more axes than any tensor', () => {
    expect(weight({ shape: Array(40).fill(1) })).toMatchObject({ code: 'limit' })
  })

  it('when it lists a million tiny weights', () => {
    const weights = Array(1_000_000).fill({ name: '', shape: [], dtype: 'bool' })
    expect(manifest([{ paths: [], weights }])).toMatchObject({ code: 'limit' })
  })

  it('when a name is longer than any', () => {
    expect(weight({ name: 'x'.repeat(5_000) })).toMatchObject({ code: 'limit' })
  })

  it('when a dtype is unknown', () => {
    expect(weight({ dtype: 'quaternion' })).toMatchObject({ code: 'unsupported', values: { value: 'quaternion' } })
  })

  it('when a dtype is the name of something every object has', () => {
    expect(weight({ dtype: 'constructor' })).toMatchObject({ code: 'unsupported' })
  })

  it('when a quantisation is unknown', () => {
    expect(weight({ quantization: { dtype: 'int2', scale: 1, min: 0 } })).toMatchObject({ code: 'unsupported' })
  })

  it.each([
    [{ scale: 0, min: 1 }],
    [{ scale: 0, min: 0 }],
    [{ scale: 'x', min: 0 }],
    [{ min: 0 }],
    [{ scale: 1e-300, min: 1e300 }],
  ])('when a quantisation is %j', (quantization) => {
    expect(weight({ quantization: { dtype: 'uint8', ...quantization } })).toMatchObject({ code: 'malformed' })
  })
})

describe('strings are refused', () => {
  const strings = (count: number, bytes: Uint8Array) =>
    refused({ weights: [{ name: 's', shape: [count], dtype: 'string' }], shards: [bytes] })

  it('when one leads beyond the shards', () => {
    expect(strings(1, Uint8Array.of(255, 255, 255, 255))).toMatchObject({ code: 'truncated' })
  })

  it('when a length itself is cut', () => {
    expect(strings(2, Uint8Array.of(1, 0, 0, 0, 65, 2, 0))).toMatchObject({ code: 'truncated' })
  })

  it('when there are more than any vocabulary has', () => {
    expect(strings(2 ** 40, new Uint8Array(8))).toMatchObject({ code: 'limit' })
  })

  it('when all tensors of them together are', () => {
    const weights = Array.from({ length: 3 }, (_, index) => ({ name: `s${index}`, shape: [500_000], dtype: 'string' }))
    expect(refused({ weights, shards: [new Uint8Array(6_000_000)] })).toMatchObject({ code: 'limit' })
  })
})

describe('model.json is refused', () => {
  it.each(['', '{', '[]', '{"weightsManifest": [}', 'null', '\u0000'])('when it is %j', (text) => {
    expect(json(text)).toMatchObject({ code: expect.stringMatching(/malformed/) })
  })

  it('when it is nested a million deep', () => {
    expect(json(`{"modelTopology":${'['.repeat(1_000_000)}`)).toMatchObject({ code: 'limit' })
  })

  it('when it is longer than any, before it is read', () => {
    const endless = { ...memorySource('model.json', new Uint8Array()), size: 2 ** 40 }
    expect(problemOf(() => readTfjs(endless, memorySiblings({})))).toMatchObject({ code: 'limit' })
  })

  it('when its graph has more nodes than any', () => {
    const nodes = Array(300_000).fill({ name: 'n', op: 'Const' })
    expect(refused({ weights: [], shards: [], topology: graph(nodes) })).toMatchObject({
      code: 'limit',
      values: { what: 'graph nodes' },
    })
  })
})

describe('a broken model.json', () => {
  const shard = new Uint8Array(64)
  const sound = modelJson({
    weights: [
      { name: 'a', shape: [2, 3] },
      { name: 'b', shape: [4], quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      { name: 's', shape: [2], dtype: 'string' },
      { name: 'w', shape: [1, 1, 2, 2] },
    ],
    shards: [shard],
    topology: graph([{ name: 'y', op: 'Conv2D', input: ['x', 'w'] }]),
  })

  /** Undefined for a file that is refused with a reason; else what is unsound. Any other error goes through. */
  function outcome(bytes: Uint8Array): string[] | undefined {
    try {
      return unsoundness(readTfjs(memorySource('model.json', bytes), memorySiblings({ 'shard1.bin': shard })))
    } catch (error) {
      if (error instanceof ReadError) return undefined
      throw error
    }
  }

  it('is one that was sound before', () => {
    expect(outcome(sound)).toEqual([])
  })

  it('cut at any byte is refused', () => {
    const outcomes = Array.from({ length: sound.length }, (_, size) => outcome(sound.slice(0, size)))
    expect(new Set(outcomes)).toEqual(new Set([undefined]))
  })

  it('with any byte replaced is refused, or all that is listed can be read', () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (position, byte) => {
        const bytes = sound.slice()
        bytes[position] = byte
        expect(outcome(bytes) ?? []).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})
