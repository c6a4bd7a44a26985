import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCoreml } from '../../src/read/coreml.ts'
import { expectSame, type Reference, readFixture, valuesByName } from '../builders/fixtures.ts'
import { unsoundness } from '../builders/soundness.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/coreml')

/** By model and canonical tensor name, what coremltools says; made by test/fixtures/coreml/make.py. */
const REFERENCE: Reference = JSON.parse(readFileSync(join(FOLDER, 'values.json'), 'utf8'))

/** A network is one file; of a package the folder that holds the model. */
const pathOf = (name: string) => join(FOLDER, name, name.endsWith('.mlmodel') ? '' : 'model.mlmodel')
const read = (name: string) => readFixture(readCoreml, pathOf(name).replace(/\/$/, ''))

describe('the values of a Core ML model are those of coremltools', () => {
  for (const [name, tensors] of Object.entries(REFERENCE))
    it(`in ${name}`, () => {
      expectSame(valuesByName(read(name)), tensors)
    })
})

describe('a Core ML model', () => {
  it.each(Object.keys(REFERENCE))('%s has its tensors inside', (name) => {
    expect(unsoundness(read(name))).toEqual([])
  })

  it.each(Object.keys(REFERENCE))('%s is read whole', (name) => {
    expect(read(name).findings).toEqual([])
  })

  it.each([
    ['linear8.mlmodel', 'conv.weight', 'uint8', [1, 2, 3, 3]],
    ['linear3.mlmodel', 'fc.weight', 'uint3', [1, 16]],
    ['affine', 'conv_weight_0_quantized', 'int8', [1, 2, 3, 3]],
    ['blockwise', 'fc_weight_0_quantized', 'uint4', [1, 2]],
  ])('%s keeps the codes of %s', (name, tensor, scheme, group) => {
    const { quantisation } = read(name).tensors.find((one) => one.name === tensor)!
    expect(quantisation).toMatchObject({ kind: 'affine', scheme, group })
  })

  it('with blobs beside lists their file second', () => {
    expect(read('program').files.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
      'program/model.mlmodel',
      'weights/weight.bin',
    ])
  })
})
