import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFile } from '../../src/read/file-source.ts'
import type { ModelFile } from '../../src/read/model-file.ts'
import { readOnnx } from '../../src/read/onnx.ts'
import { openSiblings } from '../../src/read/siblings.ts'
import { tensorValues } from '../builders/values.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/onnx')

/** By file and canonical tensor name, what onnx and onnxruntime say; made by test/fixtures/onnx/make.py. */
const REFERENCE: Record<string, Record<string, number[]>> = JSON.parse(
  readFileSync(join(FOLDER, 'values.json'), 'utf8'),
)

function readFixture(name: string): ModelFile {
  const path = join(FOLDER, name)
  return readOnnx(openFile(path, path), openSiblings(path, path))
}

function valuesByName(file: ModelFile): Record<string, number[]> {
  return Object.fromEntries(file.tensors.map((tensor) => [tensor.name, [...tensorValues(file, tensor)]]))
}

/** Four significant digits, as in the reference. */
function expectSame(values: number[] | undefined, reference: number[]): void {
  expect(values).toHaveLength(reference.length)
  for (const [index, value] of reference.entries())
    expect(Math.abs(values![index]! - value)).toBeLessThanOrEqual(6e-4 * Math.abs(value) + 1e-6)
}

describe('the values of an ONNX file are those of the reference implementation', () => {
  for (const [name, tensors] of Object.entries(REFERENCE))
    it(`in ${name}`, () => {
      const values = valuesByName(readFixture(name))
      for (const [tensor, reference] of Object.entries(tensors)) expectSame(values[tensor], reference)
    })
})

describe('a quantised file', () => {
  it.each([
    ['dynamic.onnx', { 'conv.weight': 'uint8', 'fc.weight': 'uint8', 'conv.bias': undefined }],
    ['dynamic-channel.onnx', { 'fc.weight': 'int8', 'fc.bias': undefined }],
    ['qdq.onnx', { 'conv.weight': 'int8', 'conv.bias': 'int32', 'head.bias': 'int32' }],
    ['qdq-channel.onnx', { 'fc.weight': 'int8', 'conv.bias': 'int32' }],
    ['qoperator.onnx', { 'conv.weight': 'int8', 'conv.bias': 'int32', 'head.weight': 'int8' }],
    ['qoperator-channel.onnx', { 'conv.weight': 'int8', 'head.bias': 'int32' }],
    ['dynamic-lstm.onnx', { 'lstm.W.i': 'int8', 'lstm.B.ih.i': undefined }],
    ['blocks.onnx', { 'fc.weight': 'uint4' }],
    ['blocks-qdq.onnx', { 'fc.weight': 'int4' }],
  ])('%s says the scheme of every tensor', (name, schemes) => {
    const file = readFixture(name)
    const found = Object.fromEntries(file.tensors.map((tensor) => [tensor.name, tensor.quantisation?.scheme]))
    expect(found).toMatchObject(schemes)
  })

  it.each(['dynamic.onnx', 'qdq.onnx', 'qdq-channel.onnx', 'qoperator.onnx', 'dynamic-lstm.onnx', 'blocks.onnx'])(
    '%s lists no scale and no zero point as a tensor',
    (name) => {
      const names = readFixture(name).tensors.map((tensor) => tensor.name)
      expect(names.filter((one) => /scale|zero_point/.test(one))).toEqual([])
    },
  )

  it('has one scale a row of the canonical matrix where it was quantised by channel', () => {
    const weight = readFixture('qdq-channel.onnx').tensors.find((tensor) => tensor.name === 'fc.weight')
    expect(weight?.quantisation).toMatchObject({ group: [1, 16], zeroPoints: null })
    expect(weight?.quantisation).toHaveProperty('scales.length', 8)
  })
})

it('external data is listed as a second file', () => {
  const file = readFixture('layers-external.onnx')
  expect(file.files.map((one) => one.path.split('/').at(-1))).toEqual(['layers-external.onnx', 'layers-external.data'])
})

it('external data gives the same values as data inside', () => {
  expect(valuesByName(readFixture('layers-external.onnx'))).toEqual(valuesByName(readFixture('layers.onnx')))
})
