import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recogniseFile } from '../../src/read/formats.ts'
import type { ModelFile } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { unsoundness } from '../builders/soundness.ts'
import { tensorValues } from '../builders/values.ts'

type Values = Record<string, Record<string, { shape: number[]; values: number[] }>>

function folder(name: string) {
  const path = join(import.meta.dirname, '../fixtures', name)
  const files = Object.fromEntries(
    readdirSync(path).map((file) => [file, new Uint8Array(readFileSync(join(path, file)))]),
  )
  const values: Values = JSON.parse(new TextDecoder().decode(files['values.json']))
  return {
    values,
    read(file: string): ModelFile {
      const source = memorySource(file, files[file]!)
      const recognition = recogniseFile(source)
      if (recognition.kind !== 'model') throw new Error(`${file} is ${recognition.kind}`)
      return recognition.row.read(source, memorySiblings(files))
    },
  }
}

function shown(file: ModelFile) {
  return Object.fromEntries(
    file.tensors.map((tensor) => [tensor.name, { shape: tensor.view.shape, values: [...tensorValues(file, tensor)] }]),
  )
}

describe('what torch.save writes', () => {
  const { read, values } = folder('pytorch')

  it.each(['zip.pt', 'protocol4.pt', 'legacy.pt'])('is read as torch reads it: %s', (name) => {
    expect(shown(read(name))).toEqual(values['checkpoint'])
  })

  it.each(['module.pt', 'script.pt', 'types.pt', 'repacked.pt', 'namespace.pt', 'pytorch_model.bin.index.json'])(
    'is read as torch reads it: %s',
    (name) => {
      expect(shown(read(name))).toEqual(values[name])
    },
  )

  it.each(['zip.pt', 'legacy.pt', 'module.pt', 'script.pt', 'repacked.pt'])('lies within its file: %s', (name) => {
    expect(unsoundness(read(name))).toEqual([])
  })

  it.each([
    ['zip.pt', ['training-state']],
    ['script.pt', []],
    ['repacked.pt', []],
    ['types.pt', ['unread-tensor', 'unread-tensor']],
    ['namespace.pt', ['pickle-import']],
  ])('has its findings: %s', (name, codes) => {
    expect(read(name).findings.map(({ code }) => code)).toEqual(codes)
  })

  it('makes a file of each compressed member', () => {
    expect(read('repacked.pt').files.map(({ virtual }) => virtual ?? false)).toEqual([false, true, true])
  })
})

describe('what NumPy writes', () => {
  const { read, values } = folder('numpy')

  it.each(Object.keys(folder('numpy').values))('is read as NumPy reads it: %s', (name) => {
    expect(shown(read(name))).toEqual(values[name])
  })

  it('is read where it lies when it is not compressed', () => {
    expect(read('arrays.npz').files).toHaveLength(1)
  })

  it('is looked through and not read when it is Python objects', () => {
    const { tensors, findings } = read('objects.npy')
    expect([tensors.length, findings.map(({ code }) => code)]).toEqual([0, ['object-array']])
  })

  it.each(['big-endian.npy', 'records.npy'])('is named when it is not read: %s', (name) => {
    expect(() => read(name)).toThrow(/unsupported/)
  })
})
