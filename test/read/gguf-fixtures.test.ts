import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BLOCK_LAYOUTS } from '../../src/contract/block-scheme.ts'
import { readGguf } from '../../src/read/gguf.ts'
import type { ModelFile } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { unsoundness } from '../builders/soundness.ts'
import { tensorValues } from '../builders/values.ts'

const readFixture = (name: string): ModelFile => {
  const bytes = readFileSync(new URL(`../fixtures/gguf/${name}.gguf`, import.meta.url))
  return readGguf(memorySource(`${name}.gguf`, new Uint8Array(bytes)), memorySiblings({}))
}

const valuesOf = (file: ModelFile, name: string) =>
  tensorValues(file, file.tensors.find((tensor) => tensor.name === name)!)

/** Equal bit for bit, −0 and +0 told apart. */
const bitsOf = (values: Float64Array) => Buffer.from(Float32Array.from(values).buffer).toString('hex')

describe.each(Object.keys(BLOCK_LAYOUTS))('%s', (scheme) => {
  const file = readFixture(scheme)

  it('is read to the very bits that the gguf package gives', () => {
    expect(bitsOf(valuesOf(file, 'blocks'))).toBe(bitsOf(valuesOf(file, 'values')))
  })

  it('is listed as what it is', () => {
    expect(file.tensors[0]).toMatchObject({ name: 'blocks', view: { shape: [3, 512] }, quantisation: { scheme } })
  })

  it('stays inside its bytes', () => {
    expect(unsoundness(file)).toEqual([])
  })
})

describe('plain types', () => {
  const file = readFixture('types')

  it.each(['f16', 'bf16'])('%s has the values that the gguf package gives', (name) => {
    expect(valuesOf(file, name)).toEqual(valuesOf(file, `${name}.values`))
  })

  it('f64 holds what f32 holds', () => {
    expect(valuesOf(file, 'f64')).toEqual(valuesOf(file, 'f32'))
  })

  it.each(['i8', 'i16', 'i32', 'i64'])('%s has its numbers', (name) => {
    expect([...valuesOf(file, name)]).toEqual(Array.from({ length: 64 }, (_, i) => i - 30))
  })

  it('a file says its name and architecture', () => {
    expect(file.metadata).toEqual({ 'general.architecture': 'llama', 'general.name': 'fixture types' })
  })
})
