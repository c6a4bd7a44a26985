import { describe, expect, it } from 'vitest'
import type { ModelFile } from '../../src/read/model-file.ts'
import { readSafetensors } from '../../src/read/safetensors.ts'
import { readShardedSafetensors } from '../../src/read/safetensors-index.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { type SafetensorsTensor, safetensors, safetensorsIndex } from '../builders/safetensors.ts'
import { unsoundness } from '../builders/soundness.ts'

function zeros(dtype: string, bytes: number, ...shape: number[]): SafetensorsTensor {
  return { dtype, shape, bytes: new Uint8Array(bytes * shape.reduce((product, size) => product * size, 1)) }
}

const GPTQ = {
  'a.qweight': zeros('I32', 4, 4, 16),
  'a.qzeros': zeros('I32', 4, 2, 2),
  'a.scales': zeros('F16', 2, 2, 16),
}

function read(tensors: Record<string, SafetensorsTensor>, files: Record<string, Uint8Array> = {}): ModelFile {
  return readSafetensors(memorySource('model.safetensors', safetensors(tensors)), memorySiblings(files))
}

function names(file: ModelFile): string[] {
  return file.tensors.map(({ name }) => name).sort()
}

describe('packed tensors', () => {
  it('are put together from different shards', () => {
    const { 'a.scales': scales, ...rest } = GPTQ
    const files = { 'one.safetensors': safetensors(rest), 'two.safetensors': safetensors({ 'a.scales': scales }) }
    const index = safetensorsIndex({
      'a.qweight': 'one.safetensors',
      'a.qzeros': 'one.safetensors',
      'a.scales': 'two.safetensors',
    })
    const source = memorySource('model.safetensors.index.json', new TextEncoder().encode(index))
    const file = readShardedSafetensors(source, memorySiblings(files))
    expect(file.tensors).toMatchObject([{ name: 'a.weight', quantisation: { scheme: 'gptq-int4' } }])
    expect(unsoundness(file)).toEqual([])
  })

  it('leave the tensors beside them alone', () => {
    expect(names(read({ ...GPTQ, 'a.bias': zeros('F16', 2, 16), norm: zeros('F32', 4, 16) }))).toEqual([
      'a.bias',
      'a.weight',
      'norm',
    ])
  })

  it('are read without a look at files that are not there', () => {
    expect(read(GPTQ).findings).toEqual([])
  })

  it('are read where the configuration is damaged', () => {
    expect(names(read(GPTQ, { 'config.json': Uint8Array.from([123]) }))).toEqual(['a.weight'])
  })

  it('close the configuration they asked for', () => {
    const closed: string[] = []
    const siblings = memorySiblings({ 'config.json': new TextEncoder().encode('{}') }, closed)
    readSafetensors(memorySource('model.safetensors', safetensors(GPTQ)), siblings)
    expect(closed).toContain('config.json')
  })

  const unread: [string, Record<string, SafetensorsTensor>][] = [
    ['without scales', { 'a.qweight': zeros('I32', 4, 4, 16), 'a.qzeros': zeros('I32', 4, 2, 2) }],
    [
      'of five bits',
      {
        ...GPTQ,
        'a.qzeros': zeros('I32', 4, 2, 5),
        'a.scales': zeros('F16', 2, 2, 32),
        'a.qweight': zeros('I32', 4, 5, 32),
      },
    ],
    ['with an index of another length', { ...GPTQ, 'a.g_idx': zeros('I32', 4, 7) }],
    ['without groups', { ...GPTQ, 'a.qzeros': zeros('I32', 4, 0, 2), 'a.scales': zeros('F16', 2, 0, 16) }],
    ['with words of floats', { ...GPTQ, 'a.qweight': zeros('F32', 4, 4, 16) }],
  ]
  it.each(unread)('%s stay as they are stored, with a finding', (_, tensors) => {
    const file = read(tensors)
    expect(names(file)).toEqual(Object.keys(tensors).sort())
    expect(file.findings).toMatchObject([{ code: 'unread-packing', values: { name: 'a.qweight', count: 1 } }])
  })

  it('with a state that is no JSON stay as they are stored, with a finding', () => {
    const state = { dtype: 'U8', shape: [3], bytes: Uint8Array.from([1, 2, 3]) }
    const tensors = {
      'a.weight': zeros('U8', 1, 32, 1),
      'a.weight.absmax': zeros('F32', 4, 1),
      'a.weight.quant_map': zeros('F32', 4, 16),
      'a.weight.quant_state.bitsandbytes__nf4': state,
    }
    expect(read(tensors).findings).toMatchObject([{ code: 'unread-packing' }])
  })

  it('of which a layer has millions of experts without a byte are not listed one by one', () => {
    const stack = zeros('U32', 4, 2 ** 30, 0, 4)
    const file = read({
      'a.weight': stack,
      'a.scales': zeros('F16', 2, 2 ** 30, 0, 1),
      'a.biases': zeros('F16', 2, 2 ** 30, 0, 1),
    })
    expect(names(file)).toEqual(['a.biases', 'a.scales', 'a.weight'])
  })

  it('are told from 8-bit weights whose scale is one of activations', () => {
    expect(names(read({ 'a.weight': zeros('F32', 4, 16, 16), 'a.weight_scale': zeros('F32', 4, 1) }))).toEqual([
      'a.weight',
      'a.weight_scale',
    ])
  })
})
