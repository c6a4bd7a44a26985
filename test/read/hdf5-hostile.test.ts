import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readKeras } from '../../src/read/keras.ts'
import { ReadError } from '../../src/read/read-error.ts'
import { memorySource } from '../../src/read/source.ts'
import {
  arena,
  type Bytes,
  bigEndian32,
  chunked,
  chunkTree,
  compact,
  contiguous,
  continuation,
  dataspace,
  deflated,
  float32,
  groupTree,
  hdf5,
  header,
  join,
  link,
  oneVariable,
  put,
  symbolTable,
  text,
  u8,
  u64,
  weightsFile,
} from '../builders/hdf5.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { floats } from '../builders/protobuf.ts'
import { unsoundness } from '../builders/soundness.ts'

const read = (bytes: Bytes) => readKeras(memorySource('model.weights.h5', bytes), memorySiblings({}))
const refused = (bytes: Bytes) => problemOf(() => read(bytes))
const variable = (...messages: Parameters<typeof header>) => refused(oneVariable(arena(), ...messages))
const data = compact(floats(1, 2, 3, 4))

function fixture(name: string): Bytes {
  return new Uint8Array(readFileSync(joinPath(import.meta.dirname, '../fixtures/keras', name)))
}

describe('a dataset is refused', () => {
  it('with more elements than any disk holds', () => {
    expect(variable(dataspace(2n ** 62n), float32, data)).toMatchObject({ code: 'malformed' })
  })

  it('with lengths whose product wraps around', () => {
    expect(variable(dataspace(2 ** 33, 2 ** 33), float32, data)).toMatchObject({ code: 'limit' })
  })

  it('with more or fewer bytes than its shape', () => {
    expect(variable(dataspace(5), float32, data)).toMatchObject({ code: 'malformed' })
  })

  it('beyond the end of the file', () => {
    expect(variable(dataspace(4), float32, contiguous(2 ** 40, 16))).toMatchObject({ code: 'truncated' })
  })

  it('at an address that no file reaches', () => {
    expect(variable(dataspace(4), float32, contiguous(2n ** 63n, 16))).toMatchObject({ code: 'malformed' })
  })

  it('in big-endian order', () => {
    expect(variable(dataspace(4), bigEndian32, data)).toMatchObject({
      code: 'unsupported',
      values: { value: 'big-endian float' },
    })
  })

  it('in chunks larger than memory', () => {
    expect(variable(dataspace(4, 4), float32, chunked(48, 2 ** 31, 2 ** 31))).toMatchObject({ code: 'limit' })
  })

  it('in chunks that would take more memory than there may be', () => {
    expect(variable(dataspace(2 ** 20, 2 ** 20), float32, chunked(48, 8, 8))).toMatchObject({
      code: 'limit',
      values: { what: 'decoded elements' },
    })
  })

  it('in a chunk that inflates to more than its size', () => {
    const file = arena()
    const bomb = new Uint8Array(deflateSync(new Uint8Array(1 << 22)))
    const tree = put(file, chunkTree(0, { bytes: bomb.length, origin: [0], address: put(file, bomb) }))
    expect(refused(oneVariable(file, dataspace(4), float32, deflated, chunked(tree, 4)))).toMatchObject({
      code: 'malformed',
      values: { reason: 'a chunk does not inflate to its size' },
    })
  })

  it('in so many chunks of nothing that unpacking them takes for ever', () => {
    const file = arena()
    const side = 1 << 12
    const nothing = new Uint8Array(deflateSync(new Uint8Array(side * side * 4)))
    const address = put(file, nothing)
    const chunks = Array.from({ length: 40 }, () => ({ bytes: nothing.length, origin: [0, 0], address }))
    const tree = put(file, chunkTree(0, ...chunks))
    const messages = [dataspace(1, 1), float32, deflated, chunked(tree, side, side)]
    expect(refused(oneVariable(file, ...messages))).toMatchObject({
      code: 'limit',
      values: { what: 'bytes of chunks' },
    })
  })
})

describe('a structure that leads back to itself is refused', () => {
  it('as a B-tree', () => {
    const file = arena()
    const tree = file.next
    put(file, chunkTree(1, { bytes: 0, origin: [0], address: tree }))
    expect(refused(oneVariable(file, dataspace(4), float32, chunked(tree, 4)))).toMatchObject({ code: 'malformed' })
  })

  it('as a B-tree whose leaf stands in it twice', () => {
    const file = arena()
    const leaf = put(file, groupTree(0))
    const tree = put(file, groupTree(1, leaf, leaf))
    const names = put(file, text('\0'))
    const heap = put(file, join(text('HEAP'), u8(0, 0, 0, 0), u64(1), u64(0), u64(names)))
    expect(refused(hdf5(file, put(file, header(symbolTable(tree, heap)))))).toMatchObject({
      code: 'malformed',
      values: { reason: 'a node that stands twice in it' },
    })
  })

  it('as an object header', () => {
    const file = arena()
    const root = file.next
    put(file, header(continuation(root, 64)))
    expect(refused(hdf5(file, root))).toMatchObject({
      code: 'malformed',
      values: { reason: 'an object header leads back to itself' },
    })
  })

  it('as continuations of each other', () => {
    const file = arena()
    const first = file.next
    const body = continuation(first, 28).body
    put(file, join(text('OCHK'), u8(16, body.length, 0, 0), body, new Uint8Array(4)))
    expect(refused(hdf5(file, put(file, header(continuation(first, 28)))))).toMatchObject({ code: 'malformed' })
  })
})

it('groups nested deeper than any model are refused', () => {
  const file = arena()
  let at = put(file, header())
  for (let depth = 0; depth < 100; depth++) at = put(file, header(link('g', at)))
  expect(refused(hdf5(file, at))).toMatchObject({ code: 'limit', values: { what: 'nested groups' } })
})

it('a name that stands twice in a group is refused', () => {
  const file = arena()
  const one = put(file, header(dataspace(4), float32, data))
  expect(refused(weightsFile(file, link('0', one), link('0', one)))).toMatchObject({
    code: 'malformed',
    values: { reason: 'a name stands twice in one group' },
  })
})

it('a file shorter than it says is truncated', () => {
  const bytes = fixture('chunked.h5')
  expect(refused(bytes.subarray(0, bytes.length - 1))).toMatchObject({
    code: 'truncated',
    values: { what: 'HDF5 file', need: bytes.length, size: bytes.length - 1 },
  })
})

it('a file without weights is no model', () => {
  const file = arena()
  expect(refused(hdf5(file, put(file, header())))).toMatchObject({ code: 'unsupported' })
})

describe('whatever is cut or changed, the reader refuses it or what it lists is there', () => {
  /** Superblocks of version 0 and 2 say where the file ends. */
  function cut(bytes: Bytes, size: number): Bytes {
    const short = bytes.slice(0, size)
    const at = bytes[8] === 0 ? 40 : 28
    if (size >= at + 8) short.set(u64(size), at)
    return short
  }

  const isSound = (bytes: Bytes) => {
    try {
      return unsoundness(read(bytes)).length === 0
    } catch (error) {
      if (error instanceof ReadError) return true
      throw error
    }
  }

  it.each(['chunked.h5', 'latest.weights.h5'])('%s cut anywhere', (name) => {
    const bytes = fixture(name)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length }), (size) => isSound(cut(bytes, size))),
      { numRuns: 300 },
    )
  })

  it.each(['chunked.h5', 'latest.weights.h5'])('%s with bytes changed', (name) => {
    const bytes = fixture(name)
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = bytes.slice()
        for (const [at, value] of changes) changed[at] = value
        return isSound(changed)
      }),
      { numRuns: 300 },
    )
  })
})
