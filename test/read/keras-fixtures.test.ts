import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readKeras } from '../../src/read/keras.ts'
import { expectSame, type Reference, readFixture, valuesByName } from '../builders/fixtures.ts'
import { unsoundness } from '../builders/soundness.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/keras')

/** By file and canonical tensor name, what Keras says; made by test/fixtures/keras/make.py. */
const REFERENCE: Reference = JSON.parse(readFileSync(join(FOLDER, 'values.json'), 'utf8'))

const read = (name: string) => readFixture(readKeras, join(FOLDER, name))

describe('the values of a Keras file are those of Keras', () => {
  for (const [name, tensors] of Object.entries(REFERENCE))
    it(`in ${name}`, () => {
      expectSame(valuesByName(read(name)), tensors)
    })
})

describe('a Keras file', () => {
  it.each(Object.keys(REFERENCE))('%s lists nothing but the variables of the model', (name) => {
    expect([...valuesByName(read(name)).keys()].sort()).toEqual(Object.keys(REFERENCE[name]!).sort())
  })

  it.each(Object.keys(REFERENCE))('%s has its tensors inside', (name) => {
    expect(unsoundness(read(name))).toEqual([])
  })

  it('keeps the weights of a stored archive as ranges of the archive', () => {
    expect(read('layers.keras').tensors.every(({ data }) => data.kind === 'ranges')).toBe(true)
  })

  it('has no findings where there is no code', () => {
    expect(Object.keys(REFERENCE).flatMap((name) => read(name).findings)).toEqual([])
  })

  it('with a Lambda layer and a class of its own is reported, both by name', () => {
    const { findings } = read('foreign.keras')
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'keras-lambda high',
      'keras-lambda high',
    ])
    expect(findings.map(({ message }) => message).join(' ')).toMatch(/"double".*Mine>Twice.*"plus"/)
  })
})
