import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReadError } from '../../src/read/read-error.ts'
import {
  type BlobParts,
  blobFile,
  blobValue,
  constant,
  floatWeights,
  innerProduct,
  layer,
  linearWeights,
  MIL,
  network,
  operation,
  ownValue,
  pipeline,
  program,
  readModel,
  tableWeights,
} from '../builders/coreml.ts'
import { problemOf } from '../builders/problems.ts'
import { type Bytes, bytesField, floats } from '../builders/protobuf.ts'
import { unsoundness } from '../builders/soundness.ts'

const refused = (...parts: Parameters<typeof readModel>) => problemOf(() => readModel(...parts))
const blob = (parts: BlobParts) =>
  refused(program(constant('w', blobValue(MIL.f32, [4], 64))), blobFile(floats(1, 2, 3, 4), parts))
const leftOut = (bytes: Bytes) => readModel(bytes).findings.map(({ message }) => message)

describe('a blob is refused', () => {
  it.each<[string, BlobParts, string]>([
    ['without its sentinel', { sentinel: 0 }, 'malformed'],
    ['of another type than the program says', { type: 1 }, 'malformed'],
    ['of another size than its shape', { size: 12 }, 'malformed'],
    ['beyond the end of its file', { offset: 2 ** 40 }, 'truncated'],
    ['in a file of another version', { version: 1 }, 'unsupported'],
  ])('%s', (_, parts, code) => {
    expect(blob(parts)).toMatchObject({ code })
  })

  it('whose record is beyond the end of its file', () => {
    const bytes = program(constant('w', blobValue(MIL.f32, [4], 2n ** 62n)))
    expect(refused(bytes, blobFile(floats(1, 2, 3, 4)))).toMatchObject({ code: 'truncated' })
  })

  it('with more elements than any disk holds', () => {
    const bytes = program(constant('w', blobValue(MIL.f32, [2n ** 62n], 64)))
    expect(refused(bytes, blobFile(floats(1)))).toMatchObject({ code: 'malformed' })
  })

  it('outside the folder of the model', () => {
    const bytes = program(constant('w', blobValue(MIL.f32, [4], 64, '@model_path/../../secret.bin')))
    expect(refused(bytes)).toMatchObject({ code: 'unsafe-path' })
  })

  it('in a file that is not there', () => {
    expect(refused(program(constant('w', blobValue(MIL.f32, [4], 64))))).toMatchObject({
      code: 'missing-file',
      values: { name: 'weights/weight.bin' },
    })
  })

  it('and its file is closed again', () => {
    const closed: string[] = []
    const bytes = program(constant('w', blobValue(MIL.f32, [400], 64)))
    refused(bytes, blobFile(floats(1)), closed)
    expect(closed).toEqual(['weights/weight.bin'])
  })
})

describe('the weights of a layer are refused', () => {
  it('with more or fewer elements than its parameters say', () => {
    expect(refused(network(innerProduct(2, 2, floatWeights(1, 2, 3))))).toMatchObject({ code: 'malformed' })
  })

  it('of sizes whose product is beyond every disk', () => {
    expect(refused(network(innerProduct(2 ** 40, 2 ** 40, floatWeights(1))))).toMatchObject({ code: 'limit' })
  })

  it('of negative size', () => {
    expect(refused(network(innerProduct(-1, -1, floatWeights(1))))).toMatchObject({ code: 'malformed' })
  })
})

describe('weights in a form that makes no sense are named and left out', () => {
  it.each<[string, Bytes]>([
    ['codes of no bits', linearWeights(new Uint8Array(1), 0, [1], [0])],
    ['codes of 62 bits', linearWeights(new Uint8Array(1), 62, [1], [0])],
    ['scales for other rows', linearWeights(new Uint8Array(4), 8, [1, 2, 3], [0, 0, 0])],
    ['a scale of nothing', linearWeights(new Uint8Array(4), 8, [0], [1])],
    ['a table too short', tableWeights(Uint8Array.of(0xff), 2, [1])],
    ['no quantisation', bytesField(30, new Uint8Array(4))],
  ])('%s', (_, weights) => {
    expect(leftOut(network(innerProduct(2, 2, weights)))).toEqual([expect.stringContaining('"fc.weight"')])
  })

  it('codes beyond a table', () => {
    const unpack = operation('constexpr_lut_to_dense', 'w', {
      attributes: {
        indices: ownValue(MIL.u2, [4], 7, Uint8Array.of(0xff)),
        lut: ownValue(MIL.f32, [1, 2, 1], 1, floats(0, 1)),
      },
    })
    expect(leftOut(program(unpack))).toEqual([expect.stringContaining('a code is beyond their table')])
  })

  it('scales in blocks that do not divide their shape', () => {
    const unpack = operation('constexpr_blockwise_shift_scale', 'w', {
      attributes: {
        data: ownValue(MIL.i8, [4], 7, new Uint8Array(4)),
        scale: ownValue(MIL.f32, [3], 1, floats(1, 1, 1)),
      },
    })
    expect(leftOut(program(unpack))).toEqual([expect.stringContaining('scales do not fit')])
  })
})

it('models in models in models are refused', () => {
  let model = network(innerProduct(1, 1, floatWeights(1)))
  for (let depth = 0; depth < 60; depth++) model = pipeline(model)
  expect(refused(model)).toMatchObject({ code: 'limit' })
})

it('layers in layers in layers are refused', () => {
  let inner = innerProduct(1, 1, floatWeights(1))
  for (let depth = 0; depth < 60; depth++) inner = layer('if', 605, bytesField(1, bytesField(1, inner)))
  expect(refused(network(inner))).toMatchObject({ code: 'limit' })
})

describe('whatever is cut or changed, the reader refuses it or what it lists is there', () => {
  const fixture = (name: string) =>
    new Uint8Array(readFileSync(joinPath(import.meta.dirname, '../fixtures/coreml', name)))

  const isSound = (bytes: Bytes, blobs: Bytes | null) => {
    try {
      return unsoundness(readModel(bytes, blobs)).length === 0
    } catch (error) {
      if (error instanceof ReadError) return true
      throw error
    }
  }

  const changed = (bytes: Bytes) =>
    fc
      .array(fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { maxLength: 4 })
      .chain((changes) => fc.nat(bytes.length).map((size) => ({ changes, size })))
      .map(({ changes, size }) => {
        const copy = bytes.slice()
        for (const [at, value] of changes) copy[at] = value
        return changes.length === 0 ? copy.subarray(0, size) : copy
      })

  it.each(['network.mlmodel', 'linear3.mlmodel', 'palette4.mlmodel'])('in %s', (name) => {
    fc.assert(
      fc.property(changed(fixture(name)), (bytes) => isSound(bytes, null)),
      { numRuns: 200 },
    )
  })

  it.each(['program', 'grouped-palette', 'blockwise'])('in the model of %s', (name) => {
    const blobs = fixture(`${name}/weights/weight.bin`)
    fc.assert(
      fc.property(changed(fixture(`${name}/model.mlmodel`)), (bytes) => isSound(bytes, blobs)),
      { numRuns: 200 },
    )
  })

  it('in the blobs', () => {
    const model = fixture('affine/model.mlmodel')
    fc.assert(
      fc.property(changed(fixture('affine/weights/weight.bin')), (blobs) => isSound(model, blobs)),
      { numRuns: 200 },
    )
  })
})
