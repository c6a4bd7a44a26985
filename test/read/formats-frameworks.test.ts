import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discover } from '../../src/read/discover.ts'
import { openFile } from '../../src/read/file-source.ts'
import { type Recognition, recogniseFile } from '../../src/read/formats.ts'
import { memorySource } from '../../src/read/source.ts'
import { arena, compact, dataspace, float32, hdf5, header, link, put } from '../builders/hdf5.ts'
import { floats } from '../builders/protobuf.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures')

const formatOf = (recognition: Recognition) =>
  recognition.kind === 'model' ? recognition.row.format : recognition.kind

describe('a file is recognised', () => {
  it.each([
    ['keras/layers.h5', 'keras'],
    ['keras/layers.keras', 'keras'],
    ['keras/recurrent.weights.h5', 'keras'],
    ['tensorflow/frozen.pb', 'tensorflow'],
    ['tensorflow/module/saved_model.pb', 'tensorflow'],
    ['tensorflow/session/model.ckpt.index', 'tensorflow'],
    ['coreml/network.mlmodel', 'coreml'],
    ['coreml/program/model.mlmodel', 'coreml'],
  ])('%s', (name, format) => {
    const source = openFile(join(FIXTURES, name), name)
    expect(formatOf(recogniseFile(source))).toBe(format)
    source.close()
  })

  it('as a Keras archive under any name', () => {
    const source = openFile(join(FIXTURES, 'keras/layers.keras'), 'renamed.zip')
    expect(formatOf(recogniseFile(source))).toBe('keras')
    source.close()
  })

  it('as no model when HDF5 holds other data', () => {
    const file = arena()
    const images = put(file, header(dataspace(4), float32, compact(floats(1, 2, 3, 4))))
    const bytes = hdf5(file, put(file, header(link('images', images))))
    expect(formatOf(recogniseFile(memorySource('faces.h5', bytes)))).toBe('unknown')
  })

  it('as a broken one of its format when its name says what it ought to be', () => {
    const rubbish = new Uint8Array(64).fill(0xaa)
    const found = ['x.keras', 'x.weights.h5', 'saved_model.pb', 'variables.index', 'x.mlmodel'].map((name) =>
      formatOf(recogniseFile(memorySource(name, rubbish))),
    )
    expect(found).toEqual(['keras', 'keras', 'tensorflow', 'tensorflow', 'coreml'])
  })
})

it('a saved model is one artifact, and the checkpoint beneath it is a part', () => {
  const { candidates, problems } = discover([join(FIXTURES, 'tensorflow/module')], [])
  expect(candidates.map(({ path }) => path)).toEqual(['saved_model.pb'])
  expect(problems).toEqual([])
})
