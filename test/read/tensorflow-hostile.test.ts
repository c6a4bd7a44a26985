import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReadError } from '../../src/read/read-error.ts'
import { problemOf } from '../builders/problems.ts'
import { type Bytes, bytesField, floatField, floats, join, varintField } from '../builders/protobuf.ts'
import { unsoundness } from '../builders/soundness.ts'
import {
  bundleHeader,
  constant,
  type EntryParts,
  entry,
  graph,
  node,
  oneEntry,
  readGraph,
  readIndex,
  readSaved,
  savedModel,
  shapeOf,
  table,
} from '../builders/tensorflow.ts'

const refusedEntry = (parts: EntryParts) => problemOf(() => readIndex(oneEntry(parts)))
const refusedTable = (bytes: Bytes) => problemOf(() => readIndex(bytes))
const refusedGraph = (...nodes: Bytes[]) => problemOf(() => readGraph(graph(...nodes)))
const entries: [string, Bytes][] = [
  ['', bundleHeader()],
  ['w', entry({})],
]

describe('an entry of a checkpoint is refused', () => {
  it.each<[string, EntryParts, string]>([
    ['with more elements than any disk holds', { shape: [2n ** 62n] }, 'malformed'],
    ['with lengths whose product is beyond every disk', { shape: [2 ** 40, 2 ** 40] }, 'limit'],
    ['of a negative length', { shape: [-1] }, 'malformed'],
    ['with more bytes than its shape', { size: 12 }, 'malformed'],
    ['beyond the end of its data', { offset: 12 }, 'truncated'],
    ['at an offset of 2⁶²', { offset: 2n ** 62n }, 'truncated'],
    ['at a negative offset', { offset: -8 }, 'truncated'],
    ['in a shard that there is not', { shard: 1 }, 'malformed'],
    ['of a type that is not known', { type: 77 }, 'unsupported'],
  ])('%s', (_, parts, code) => {
    expect(refusedEntry(parts)).toMatchObject({ code })
  })

  it('whose slices are not all there', () => {
    const sliced = join(entry({ shape: [4, 2], size: 0 }), bytesField(7, new Uint8Array(0)))
    const slice: [string, Bytes] = ['\0w\0\x01\x01\x02\x80\x81\x80\x82', entry({ shape: [1, 2] })]
    expect(refusedTable(table({ entries: [['', bundleHeader()], slice, ['w', sliced]] }))).toMatchObject({
      code: 'unsupported',
      values: { value: 'slices other than of whole rows' },
    })
  })
})

describe('an index is refused', () => {
  it('without a header', () => {
    expect(refusedTable(table({ entries: [['w', entry({})]] }))).toMatchObject({ code: 'malformed' })
  })

  it('with compressed blocks', () => {
    expect(refusedTable(table({ entries, compression: 1 }))).toMatchObject({
      code: 'unsupported',
      values: { value: 'compressed' },
    })
  })

  it('whose block leads out of the file', () => {
    expect(refusedTable(table({ entries, handle: [0, 2 ** 40] }))).toMatchObject({ code: 'truncated' })
  })

  it('with more shards than any model has', () => {
    expect(refusedTable(table({ entries: [['', bundleHeader(2 ** 30)], entries[1]!] }))).toMatchObject({
      code: 'limit',
      values: { what: 'shards' },
    })
  })

  it('whose data is not there, by name', () => {
    expect(
      refusedTable(
        table({
          entries: [
            ['', bundleHeader(3)],
            ['w', entry({ shard: 1 })],
          ],
        }),
      ),
    ).toMatchObject({
      code: 'missing-file',
      values: { name: 'x.data-00001-of-00003' },
    })
  })

  it('with nothing but the optimiser', () => {
    expect(
      refusedTable(
        table({
          entries: [
            ['', bundleHeader()],
            ['optimizer/x', entry({})],
          ],
        }),
      ),
    ).toMatchObject({
      code: 'unsupported',
    })
  })

  it('and its data is closed again', () => {
    const closed: string[] = []
    problemOf(() => readIndex(oneEntry({ offset: 12 }), new Uint8Array(16), closed))
    expect(closed).toEqual(['x.data-00000-of-00001'])
  })
})

describe('a constant is refused', () => {
  it('with more elements than its bytes', () => {
    expect(refusedGraph(constant('w', 1, [2], bytesField(4, floats(1))))).toMatchObject({ code: 'malformed' })
  })

  it('with one element for more than memory holds', () => {
    expect(refusedGraph(constant('w', 1, [2 ** 40], floatField(5, 1)))).toMatchObject({
      code: 'limit',
      values: { what: 'decoded elements' },
    })
  })

  it('that together with others takes more than memory holds', () => {
    const large = (name: string) => constant(name, 1, [2 ** 25], floatField(5, 1))
    expect(refusedGraph(large('a'), large('b'), large('c'))).toMatchObject({ code: 'limit' })
  })

  it('with more listed elements than its shape', () => {
    expect(refusedGraph(constant('w', 1, [1], bytesField(5, floats(1, 2))))).toMatchObject({ code: 'malformed' })
  })

  it('of unknown rank', () => {
    const tensor = join(varintField(1, 1), bytesField(2, varintField(3, 1)), bytesField(4, floats(1)))
    expect(refusedGraph(node('w', 'Const', [], { value: bytesField(8, tensor) }))).toMatchObject({ code: 'malformed' })
  })

  it('with more axes than any array', () => {
    const tensor = join(varintField(1, 1), bytesField(2, shapeOf(...Array(40).fill(1))), bytesField(4, floats(1)))
    expect(refusedGraph(node('w', 'Const', [], { value: bytesField(8, tensor) }))).toMatchObject({ code: 'limit' })
  })
})

it('nodes that hand on in a circle end', () => {
  const ring = [node('a', 'Identity', ['b']), node('b', 'Identity', ['a']), node('y', 'MatMul', ['x', 'a'])]
  const weight = constant('w', 1, [2], bytesField(4, floats(1, 2)))
  expect(readGraph(graph(...ring, weight)).tensors).toHaveLength(1)
})

it('functions that call each other end', () => {
  const call = (name: string) => ({ f: bytesField(10, bytesField(1, Buffer.from(name))) })
  const definition = (name: string, body: Bytes) => bytesField(1, bytesField(1, bytesField(1, Buffer.from(name))), body)
  const caller = (other: string) => bytesField(3, node('c', 'PartitionedCall', [], call(other)))
  const library = bytesField(2, definition('f', caller('g')), definition('g', caller('f')))
  const weight = constant('w', 1, [2], bytesField(4, floats(1, 2)))
  const main = node('m', 'PartitionedCall', [], call('f'))
  expect(readSaved(savedModel(join(graph(main, weight), library))).tensors).toHaveLength(1)
})

describe('whatever is cut or changed, the reader refuses it or what it lists is there', () => {
  const fixture = (name: string) =>
    new Uint8Array(readFileSync(joinPath(import.meta.dirname, '../fixtures/tensorflow', name)))

  const isSound = (read: () => Parameters<typeof unsoundness>[0]) => {
    try {
      return unsoundness(read()).length === 0
    } catch (error) {
      if (error instanceof ReadError) return true
      throw error
    }
  }

  const index = fixture('session/model.ckpt.index')
  const data = fixture('session/model.ckpt.data-00000-of-00001')
  const saved = fixture('module/saved_model.pb')

  const changed = (bytes: Bytes) =>
    fc
      .array(fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { maxLength: 4 })
      .chain((changes) => fc.nat(bytes.length).map((size) => ({ changes, size })))
      .map(({ changes, size }) => {
        const copy = bytes.slice()
        for (const [at, value] of changes) copy[at] = value
        return changes.length === 0 ? copy.subarray(0, size) : copy
      })

  it('in an index', () => {
    fc.assert(
      fc.property(changed(index), (bytes) => isSound(() => readIndex(bytes, data))),
      { numRuns: 300 },
    )
  })

  it('in a graph', () => {
    fc.assert(
      fc.property(changed(fixture('frozen.pb')), (bytes) => isSound(() => readGraph(bytes))),
      { numRuns: 300 },
    )
  })

  it('in a saved model', () => {
    fc.assert(
      fc.property(changed(saved), (bytes) => isSound(() => readSaved(bytes))),
      { numRuns: 50 },
    )
  })
})
