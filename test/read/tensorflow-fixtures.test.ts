import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reader } from '../../src/read/model-file.ts'
import { readTfCheckpoint } from '../../src/read/tf-checkpoint.ts'
import { readFrozenGraph, readSavedModel } from '../../src/read/tf-saved-model.ts'
import { expectSame, type Reference, readFixture, valuesByName } from '../builders/fixtures.ts'
import { unsoundness } from '../builders/soundness.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/tensorflow')

/** By file and canonical tensor name, what TensorFlow says; made by test/fixtures/tensorflow/make.py. */
const REFERENCE: Reference = JSON.parse(readFileSync(join(FOLDER, 'values.json'), 'utf8'))

function read(name: string) {
  const reader: Reader = name.endsWith('.index')
    ? readTfCheckpoint
    : name.endsWith('saved_model.pb')
      ? readSavedModel
      : readFrozenGraph
  return readFixture(reader, join(FOLDER, name))
}

describe('the values of a TensorFlow model are those of TensorFlow', () => {
  for (const [name, tensors] of Object.entries(REFERENCE))
    it(`in ${name}`, () => {
      expectSame(valuesByName(read(name)), tensors)
    })
})

describe('a TensorFlow model', () => {
  it.each(Object.keys(REFERENCE))('%s has its tensors inside', (name) => {
    expect(unsoundness(read(name))).toEqual([])
  })

  it.each(['module/saved_model.pb', 'checkpoint/weights.index', 'session/model.ckpt.index'])(
    '%s lists nothing but its weights',
    (name) => {
      expect([...valuesByName(read(name)).keys()].sort()).toEqual(Object.keys(REFERENCE[name]!).sort())
    },
  )

  it.each(Object.keys(REFERENCE))('%s has no findings', (name) => {
    expect(read(name).findings).toEqual([])
  })

  it('names the index and the data beside the graph', () => {
    expect(read('module/saved_model.pb').files.map(({ path }) => path.split('/').at(-1))).toEqual([
      'saved_model.pb',
      'variables.index',
      'variables.data-00000-of-00001',
    ])
  })

  it('reads a variable in slices as ranges one after the other', () => {
    const table = read('session/model.ckpt.index').tensors.find(({ name }) => name === 'fc/table')
    expect(table?.data).toMatchObject({ ranges: [{ length: 64 }, { length: 64 }, { length: 64 }] })
  })

  it('that reads files and calls Python is reported', () => {
    const { findings } = read('reaching/saved_model.pb')
    expect(
      findings.map(({ code, severity, message }) => `${code} ${severity} ${message.split(' ')[2]}`).sort(),
    ).toEqual(['unsafe-op high EagerPyFunc', 'unsafe-op high ReadFile'])
  })
})
