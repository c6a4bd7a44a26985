import { describe, expect, it } from 'vitest'
import { readSafetensors } from '../../src/read/safetensors.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { type SafetensorsTensor, safetensors } from '../builders/safetensors.ts'
import { tensorValues } from '../builders/values.ts'

/** Every part's values by name, of tensors of the given shapes that count 0, 1, 2 … */
function parts(shapes: Record<string, number[]>): Record<string, number[]> {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, SafetensorsTensor] => [name, { shape }])
  const file = readSafetensors(
    memorySource('m.safetensors', safetensors(Object.fromEntries(tensors))),
    memorySiblings({}),
  )
  return Object.fromEntries(file.tensors.map((tensor) => [tensor.name, [...tensorValues(file, tensor)]]))
}

const names = (shapes: Record<string, number[]>) => Object.keys(parts(shapes))
const range = (from: number, count: number, step = 1) => Array.from({ length: count }, (_, i) => from + i * step)

describe('recurrent layers', () => {
  it('come apart into the gates of an LSTM', () => {
    expect(parts({ 'rnn.weight_hh_l0': [8, 2], 'rnn.bias_ih_l0': [8] })).toEqual({
      'rnn.weight_hh_l0.i': range(0, 4),
      'rnn.weight_hh_l0.f': range(4, 4),
      'rnn.weight_hh_l0.g': range(8, 4),
      'rnn.weight_hh_l0.o': range(12, 4),
      'rnn.bias_ih_l0.i': [0, 1],
      'rnn.bias_ih_l0.f': [2, 3],
      'rnn.bias_ih_l0.g': [4, 5],
      'rnn.bias_ih_l0.o': [6, 7],
    })
  })

  it('come apart into the gates of a GRU', () => {
    expect(names({ 'rnn.weight_ih_l1_reverse': [6, 5], 'rnn.weight_hh_l1_reverse': [6, 2] }).slice(0, 3)).toEqual([
      'rnn.weight_ih_l1_reverse.r',
      'rnn.weight_ih_l1_reverse.z',
      'rnn.weight_ih_l1_reverse.n',
    ])
  })

  it('take the hidden size from the projection where there is one', () => {
    expect(names({ weight_hh_l0: [8, 1], weight_hr_l0: [1, 2] })).toContain('weight_hh_l0.o')
  })

  it('stay whole without gates', () => {
    expect(names({ 'rnn.weight_hh_l0': [2, 2] })).toEqual(['rnn.weight_hh_l0'])
  })

  it('stay whole when the recurrent weight is not there', () => {
    expect(names({ 'rnn.weight_ih_l0': [8, 2] })).toEqual(['rnn.weight_ih_l0'])
  })
})

describe('fused attention', () => {
  it.each(['a.in_proj_weight', 'b.attn.qkv.weight', 'm.layers.0.self_attn.qkv_proj.weight', 'l.attn.Wqkv.weight'])(
    '%s comes apart into equal thirds',
    (name) => {
      expect(parts({ [name]: [6, 2] })).toEqual({
        [`${name}.q`]: range(0, 4),
        [`${name}.k`]: range(4, 4),
        [`${name}.v`]: range(8, 4),
      })
    },
  )

  it('takes the sizes of grouped heads from the output projection', () => {
    const split = parts({ 'l.self_attn.qkv_proj.weight': [8, 2], 'l.self_attn.o_proj.weight': [2, 4] })
    expect(split['l.self_attn.qkv_proj.weight.k']).toEqual(range(8, 4))
  })

  it('cuts the bias like its weight', () => {
    expect(parts({ 'b.attn.qkv.weight': [6, 2], 'b.attn.qkv.bias': [6] })['b.attn.qkv.bias.v']).toEqual([4, 5])
  })

  it.each([
    ['grouped heads without their output projection', { 'l.self_attn.qkv_proj.weight': [8, 4] }],
    ['an output projection that does not fit', { 'l.attn.Wqkv.weight': [8, 2], 'l.attn.out_proj.weight': [2, 5] }],
    ['a bias alone', { 'b.attn.qkv.bias': [6] }],
    ['heads that are interleaved', { 'h.0.attn.query_key_value.weight': [6, 2] }],
    ['CodeGen, which says qkv_proj for something else', { 'h.0.attn.qkv_proj.weight': [6, 2] }],
    ['a linear c_attn', { 'h.0.attn.c_attn.weight': [6, 2], 'h.0.mlp.c_fc.weight': [8, 2] }],
  ])('stays whole for %s', (_, shapes) => {
    expect(names(shapes).sort()).toEqual(Object.keys(shapes).sort())
  })
})

describe('GPT-2', () => {
  it('has q, k, v side by side and transposed', () => {
    expect(parts({ 'h.0.attn.c_attn.weight': [2, 6], 'h.0.attn.c_attn.bias': [6] })).toEqual({
      'h.0.attn.c_attn.weight.q': [0, 6, 1, 7],
      'h.0.attn.c_attn.weight.k': [2, 8, 3, 9],
      'h.0.attn.c_attn.weight.v': [4, 10, 5, 11],
      'h.0.attn.c_attn.bias.q': [0, 1],
      'h.0.attn.c_attn.bias.k': [2, 3],
      'h.0.attn.c_attn.bias.v': [4, 5],
    })
  })

  it('has its other linear layers transposed, too', () => {
    const block = { 'h.0.attn.c_attn.weight': [2, 6], 'h.0.mlp.c_proj.weight': [3, 2] }
    expect(parts(block)['h.0.mlp.c_proj.weight']).toEqual([0, 2, 4, 1, 3, 5])
  })
})

describe('feed-forward layers', () => {
  it('come apart into gate and up', () => {
    expect(parts({ 'l.mlp.gate_up_proj.weight': [4, 1] })).toEqual({
      'l.mlp.gate_up_proj.weight.gate': [0, 1],
      'l.mlp.gate_up_proj.weight.up': [2, 3],
    })
  })

  it('come apart into experts stored as (in, out)', () => {
    const split = parts({ 'l.experts.gate_up_proj': [2, 3, 4], 'l.experts.down_proj': [2, 2, 3] })
    expect(split['l.experts.gate_up_proj.1.up']).toEqual([14, 18, 22, 15, 19, 23])
    expect(split['l.experts.down_proj.1']).toEqual([6, 9, 7, 10, 8, 11])
  })

  it('come apart into experts stored as (out, in)', () => {
    const split = parts({ 'l.experts.gate_up_proj': [2, 4, 3], 'l.experts.down_proj': [2, 3, 2] })
    expect(split['l.experts.gate_up_proj.1.up']).toEqual(range(18, 6))
    expect(split['l.experts.down_proj.1']).toEqual(range(6, 6))
  })

  it('keep gate and up together where they alternate', () => {
    const shapes = { gate_up_proj: [1, 3, 4], gate_up_proj_bias: [1, 4], down_proj: [1, 2, 3] }
    const prefixed = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`experts.${name}`, shape]))
    expect(names(prefixed)).toContain('experts.gate_up_proj.0')
  })

  it('stay whole for more experts than any model has', () => {
    expect(names({ 'experts.down_proj': [5_000, 1, 1] })).toEqual(['experts.down_proj'])
  })

  it('are refused when their experts are more than any model has tensors', () => {
    const stacks = Array.from({ length: 70 }, (_, layer) => [
      `${layer}.experts.down_proj`,
      { dtype: 'U8', shape: [4_096, 1, 1], bytes: new Uint8Array(4_096) },
    ])
    const bytes = safetensors(Object.fromEntries(stacks))
    expect(problemOf(() => readSafetensors(memorySource('m', bytes), memorySiblings({}))).code).toBe('limit')
  })
})
