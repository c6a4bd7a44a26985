import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readKeras } from '../../src/read/keras.ts'
import { memorySource } from '../../src/read/source.ts'
import {
  arena,
  type Bytes,
  chunked,
  chunkTree,
  compact,
  contiguous,
  dataspace,
  deflated,
  externalLink,
  float32,
  hdf5,
  header,
  link,
  oneVariable,
  put,
  UNDEFINED,
  weightsFile,
} from '../builders/hdf5.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { floats } from '../builders/protobuf.ts'
import { tensorValues } from '../builders/values.ts'

const read = (bytes: Bytes) => readKeras(memorySource('model.weights.h5', bytes), memorySiblings({}))

function valuesOf(bytes: Bytes): number[] {
  const file = read(bytes)
  expect(file.tensors).toHaveLength(1)
  return [...tensorValues(file, file.tensors[0]!)]
}

describe('a dataset', () => {
  it('in one piece is a range of the file', () => {
    const file = arena()
    const at = put(file, floats(1, 2, 3, 4, 5, 6))
    const { tensors } = read(oneVariable(file, dataspace(3, 2), float32, contiguous(at, 24)))
    expect(tensors[0]).toMatchObject({
      name: 'dense/kernel',
      view: { shape: [2, 3], strides: [1, 2] },
      data: { ranges: [{ file: 0, offset: at, length: 24 }] },
    })
  })

  it('in its own header is a range of the file, too', () => {
    expect(valuesOf(oneVariable(arena(), dataspace(2, 2), float32, compact(floats(1, 2, 3, 4))))).toEqual([1, 3, 2, 4])
  })

  it('that was never written is zeros', () => {
    expect(valuesOf(oneVariable(arena(), dataspace(1, 2), float32, contiguous(UNDEFINED, 8)))).toEqual([0, 0])
  })

  it('in chunks is put together, what sticks out cut off and what is missing 0', () => {
    const file = arena()
    const first = put(file, floats(1, 2, 4, 5))
    const corner = put(file, floats(9, 99, 999, 9999))
    const tree = put(
      file,
      chunkTree(0, { bytes: 16, origin: [0, 0], address: first }, { bytes: 16, origin: [2, 2], address: corner }),
    )
    expect(valuesOf(oneVariable(file, dataspace(3, 3), float32, chunked(tree, 2, 2)))).toEqual([
      1, 4, 0, 2, 5, 0, 0, 0, 9,
    ])
  })

  it('in deflated chunks is inflated', () => {
    const file = arena()
    const stored = new Uint8Array(deflateSync(floats(1, 2)))
    const tree = put(file, chunkTree(0, { bytes: stored.length, origin: [0, 0], address: put(file, stored) }))
    expect(valuesOf(oneVariable(file, dataspace(1, 2), float32, deflated, chunked(tree, 1, 2)))).toEqual([1, 2])
  })
})

it('a group that holds itself is visited once', () => {
  const file = arena()
  const variable = put(file, header(dataspace(2, 2), float32, compact(floats(1, 2, 3, 4))))
  const vars = put(file, header(link('0', variable)))
  const root = file.next
  put(file, header(link('vars', vars), link('self', root)))
  expect(read(hdf5(file, root)).tensors).toHaveLength(1)
})

it('a link into another file is a finding and is not followed', () => {
  const file = arena()
  const variable = put(file, header(dataspace(2, 2), float32, compact(floats(1, 2, 3, 4))))
  const { findings } = read(weightsFile(file, link('0', variable), externalLink('1', '/etc/passwd')))
  expect(findings).toMatchObject([{ code: 'external-path', severity: 'high' }])
  expect(findings[0]?.message).toContain('/etc/passwd')
})
