import { describe, expect, it } from 'vitest'
import { readGguf } from '../../src/read/gguf.ts'
import { memorySource } from '../../src/read/source.ts'
import { attention, counting, type GgufParts, ggufFile } from '../builders/gguf.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { tensorValues } from '../builders/values.ts'

const read = (parts: GgufParts, name = 'm.gguf', others: Record<string, Uint8Array> = {}) =>
  readGguf(memorySource(name, ggufFile(parts)), memorySiblings(others))

const namesOf = (parts: GgufParts) => read(parts).tensors.map((tensor) => tensor.name)

/** First column of a matrix of 0, 1, 2 …: which stored row each row is. */
const rowsOf = (parts: GgufParts) => {
  const file = read(parts)
  const tensor = file.tensors[0]!
  const columns = tensor.view.shape.at(-1)!
  return [...tensorValues(file, tensor)].filter((_, i) => i % columns === 0).map((value) => value / columns)
}

it.each([2, 3])('reads version %i', (version) => {
  expect(namesOf({ version, tensors: [counting('a', [2, 3])] })).toEqual(['a'])
})

it('turns ggml’s numbers of elements round', () => {
  expect(read({ tensors: [counting('a', [2, 3])] }).tensors[0]?.view.shape).toEqual([2, 3])
})

it('aligns as the file says', () => {
  const file = read({ metadata: { 'general.alignment': 64 }, tensors: [counting('a', [3]), counting('b', [2])] })
  expect([...tensorValues(file, file.tensors[1]!)]).toEqual([0, 1])
})

it('reads past long lists of tokens', () => {
  const tokens = Array.from({ length: 5_000 }, (_, i) => `token ${i}`)
  expect(namesOf({ metadata: { tokens, scores: tokens.map((_, i) => i) }, tensors: [counting('a', [2])] })).toEqual([
    'a',
  ])
})

it('keeps what a model declares of itself', () => {
  const metadata = { 'general.name': 'Child', 'general.base_model.0.name': 'Parent', 'tokenizer.chat_template': 'x' }
  expect(read({ metadata }).metadata).toEqual({ 'general.name': 'Child', 'general.base_model.0.name': 'Parent' })
})

describe('rows of q and k', () => {
  it('are brought back to Hugging Face’s order', () => {
    const tensors = [counting('blk.0.attn_q.weight', [8, 4])]
    expect(rowsOf({ metadata: attention(2, 1), tensors })).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
  })

  it('of k are by the heads of k', () => {
    const tensors = [counting('blk.0.attn_k.weight', [8, 4])]
    expect(rowsOf({ metadata: attention(2, 1), tensors })).toEqual([0, 2, 4, 6, 1, 3, 5, 7])
  })

  it('take their biases along', () => {
    const file = read({ metadata: attention(2, 2), tensors: [counting('blk.0.attn_q.bias', [8])] })
    expect([...tensorValues(file, file.tensors[0]!)]).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
  })

  it('have a number of heads for each layer where the file lists them', () => {
    const metadata = { ...attention(2, 1), 'llama.attention.head_count': [4, 1] }
    const tensors = [counting('blk.1.attn_q.weight', [8, 4])]
    expect(rowsOf({ metadata, tensors })).toEqual([0, 2, 4, 6, 1, 3, 5, 7])
  })

  it.each(['attn_v', 'attn_output', 'ffn_up'])('only: %s stays as it is', (name) => {
    const tensors = [counting(`blk.0.${name}.weight`, [8, 4])]
    expect(rowsOf({ metadata: attention(2, 1), tensors })).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('stay where the architecture’s converter leaves them', () => {
    const tensors = [counting('blk.0.attn_q.weight', [8, 4])]
    expect(rowsOf({ metadata: attention(2, 1, 'qwen2'), tensors })).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it.each([0, 3])('stay, with a finding, where there are %i heads', (heads) => {
    const { findings } = read({ metadata: attention(heads, 1), tensors: [counting('blk.0.attn_q.weight', [8, 4])] })
    expect(findings.map((finding) => finding.code)).toEqual(['unknown-row-order'])
  })
})

describe('what is fused comes apart', () => {
  it('experts, one a tensor', () => {
    const file = read({ tensors: [counting('blk.2.ffn_down_exps.weight', [3, 2, 4])] })
    expect(file.tensors.map((tensor) => tensor.name)).toEqual([0, 1, 2].map((n) => `blk.2.ffn_down.${n}.weight`))
    expect([...tensorValues(file, file.tensors[1]!)]).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
  })

  it('experts of blocks, by their bytes', () => {
    const data = Uint8Array.from({ length: 3 * 2 * 34 }, (_, i) => i)
    const file = read({ tensors: [{ name: 'blk.0.ffn_up_exps.weight', shape: [3, 2, 32], type: 8, data }] })
    const start = (file.tensors[0]!.data as { ranges: { offset: number }[] }).ranges[0]!.offset
    expect(file.tensors[2]!.data).toEqual({ kind: 'ranges', ranges: [{ file: 0, offset: start + 136, length: 68 }] })
  })

  it('gate and up of experts', () => {
    expect(namesOf({ tensors: [counting('blk.0.ffn_gate_up_exps.weight', [1, 4, 2])] })).toEqual([
      'blk.0.ffn_gate.0.weight',
      'blk.0.ffn_up.0.weight',
    ])
  })

  it('q, k and v by the numbers of heads', () => {
    const metadata = { ...attention(4, 1, 'phi3'), 'phi3.embedding_length': 8 }
    const file = read({ metadata, tensors: [counting('blk.0.attn_qkv.weight', [12, 8])] })
    expect(file.tensors.map((tensor) => [tensor.name, tensor.view.shape[0]])).toEqual([
      ['blk.0.attn_q.weight', 8],
      ['blk.0.attn_k.weight', 2],
      ['blk.0.attn_v.weight', 2],
    ])
  })

  it('not where the numbers do not add up', () => {
    const metadata = { ...attention(4, 1, 'phi3'), 'phi3.embedding_length': 8 }
    expect(namesOf({ metadata, tensors: [counting('blk.0.attn_qkv.weight', [13, 8])] })).toEqual([
      'blk.0.attn_qkv.weight',
    ])
  })

  it('gate and up where a layer has no gate of its own', () => {
    const metadata = { 'general.architecture': 'phi3', 'phi3.feed_forward_length': 3 }
    expect(namesOf({ metadata, tensors: [counting('blk.0.ffn_up.weight', [6, 2])] })).toEqual([
      'blk.0.ffn_gate.weight',
      'blk.0.ffn_up.weight',
    ])
  })
})

describe('a model in several files', () => {
  const split = (no: number, name: string) => ({
    metadata: { 'split.no': no, 'split.count': 2 },
    tensors: [counting(name, [4])],
  })
  const second = ggufFile(split(1, 'b'))

  it('is read from its first one', () => {
    const file = read(split(0, 'a'), 'm-00001-of-00002.gguf', { 'm-00002-of-00002.gguf': second })
    expect(file.files.map((source) => source.path)).toEqual(['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'])
    expect([...tensorValues(file, file.tensors[1]!)]).toEqual([0, 1, 2, 3])
  })

  it('is not read without all of them', () => {
    expect(problemOf(() => read(split(0, 'a'), 'm-00001-of-00002.gguf'))).toMatchObject({ code: 'missing-file' })
  })

  it('is not read from a later one', () => {
    expect(problemOf(() => read(split(1, 'b'), 'm-00002-of-00002.gguf'))).toMatchObject({ code: 'unsupported' })
  })

  it('may not have a name twice', () => {
    const others = { 'm-00002-of-00002.gguf': ggufFile(split(1, 'a')) }
    expect(problemOf(() => read(split(0, 'a'), 'm-00001-of-00002.gguf', others))).toMatchObject({ code: 'malformed' })
  })
})

describe('findings', () => {
  const iq2 = { name: 'x', shape: [256], type: 16, data: new Uint8Array(66) }

  it('name a type that is not read, and the rest is read', () => {
    const file = read({ tensors: [counting('a', [2]), iq2, counting('b', [2])] })
    expect(file.tensors.map((tensor) => tensor.name)).toEqual(['a', 'b'])
    expect(file.findings).toMatchObject([
      { code: 'unsupported-tensor-type', message: expect.stringContaining('IQ2_XXS') },
    ])
  })

  it('name a type that nobody knows', () => {
    const { findings } = read({ tensors: [{ ...iq2, type: 999 }, counting('b', [2])] })
    expect(findings).toMatchObject([{ code: 'unsupported-tensor-type', message: expect.stringContaining('type 999') }])
  })

  it('tell bytes that belong to no tensor', () => {
    const { findings } = read({ tensors: [counting('a', [8])], trailing: 100 })
    expect(findings).toMatchObject([{ code: 'unclaimed-bytes', message: expect.stringContaining('100 bytes') }])
  })

  it('tell a hole between tensors', () => {
    const tensors = [counting('a', [8]), { ...counting('b', [8]), offset: 64 }]
    expect(read({ tensors, trailing: 32 }).findings).toMatchObject([{ message: expect.stringContaining('32 bytes') }])
  })
})
